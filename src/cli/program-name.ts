/** How the program is typed: by npm in a checkout, by its name where it is installed. */
export function programName(environment: NodeJS.ProcessEnv = process.env): string {
  const script = environment['npm_lifecycle_event'];
  if (script === undefined) return 'restoreproof';
  return script === 'npx' ? 'npx restoreproof' : 'npm run -s restoreproof --';
}

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The directory of the package's own package.json, from the sources and from what is built alike. Ends in a slash. */
export const packageRoot: string = rootAbove(new URL('.', import.meta.url));

function rootAbove(directory: URL): string {
  if (existsSync(new URL('package.json', directory))) return fileURLToPath(directory);
  const above = new URL('..', directory);
  if (above.href === directory.href) throw new Error('restoreproof is installed without its package.json');
  return rootAbove(above);
}

/** The version that package.json names. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(`${packageRoot}package.json`, 'utf8')) as { version: string };
  return version;
}

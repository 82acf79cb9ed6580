import { execa } from 'execa';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { packageRoot } from './package-root.ts';

const BUILD_MILLISECONDS = 60_000;

/**
 * The package as JavaScript, for processes of its own: built once for all files of a test run, beside the shared
 * server, which takes it along when it goes. Gives the directory that `dist` is in.
 */
export async function builtPackage(): Promise<string> {
  const root = join(dirname(inject('server').settings.host), 'program');
  const done = join(root, 'package.json');
  if (claim(root)) await build(root, done);
  for (
    const until = Date.now() + BUILD_MILLISECONDS;
    !existsSync(done) && Date.now() < until;
    await sleep(20)
  );
  return root;
}

function claim(root: string): boolean {
  try {
    mkdirSync(root);
    return true;
  } catch {
    return false;
  }
}

/** Types are `npm run check`'s matter: what was emitted is run, whatever the compiler says. */
async function build(root: string, done: string): Promise<void> {
  for (const part of ['src', 'properties', 'node_modules'])
    symlinkSync(join(packageRoot, part), join(root, part));
  const options = ['--outDir', join(root, 'dist'), '--declaration', 'false', '--incremental', 'false'];
  const argv = ['-p', 'tsconfig.build.json', ...options, '--tsBuildInfoFile', 'null'];
  await execa(join(packageRoot, 'node_modules/.bin/tsc'), argv, { cwd: packageRoot, reject: false });
  copyFileSync(join(packageRoot, 'package.json'), done);
}

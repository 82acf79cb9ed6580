import { execFile } from 'node:child_process';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { firstLine, NoVerdictError } from '../errors.ts';
import type { Installation } from './installations.ts';
import { parseVersion } from './version.ts';

const PROGRAMS = ['postgres', 'initdb', 'psql', 'pg_dump', 'pg_restore'] as const;

/**
 * Looks at a tree of unpacked packages and starts its programs once, which loads their libraries. Its
 * `libraryPath` may be two directories, as LD_LIBRARY_PATH takes them: some packages still use `/lib`.
 *
 * @throws NoVerdictError where there is no server in it or a program does not start, with the loader's line
 */
export async function openTree(tree: string): Promise<Installation> {
  const parent = join(await realpath(tree), 'usr/lib/postgresql');
  const [major = ''] = await readdir(parent).catch(() => []);
  const directory = join(parent, major, 'bin');
  const libraryPath = await libraryPathOf(await realpath(tree));
  const outputs = await Promise.all(
    PROGRAMS.map((program) => versionLine(join(directory, program), libraryPath)),
  );
  const version = parseVersion(outputs.at(0) ?? '');
  if (!version)
    throw new NoVerdictError({ what: `${directory} has a server without a version`, why: outputs.at(0) });
  return {
    directory,
    version,
    source: 'fetched with apt-get',
    ...(libraryPath === undefined ? {} : { libraryPath }),
    missing: [],
  };
}

async function versionLine(program: string, libraryPath: string | undefined): Promise<string> {
  const env = { ...process.env, ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }) };
  return await new Promise((resolve, reject) => {
    execFile(program, ['--version'], { env, timeout: 20_000 }, (cause, stdout, stderr) => {
      if (!cause) return resolve(stdout.trim());
      const why = firstLine(stderr === '' ? cause : stderr);
      reject(new NoVerdictError({ what: `${program} was fetched but does not start`, why, cause }));
    });
  });
}

/** Debian keeps libraries in a directory per processor, for example `usr/lib/x86_64-linux-gnu`. */
async function libraryPathOf(tree: string): Promise<string | undefined> {
  const found = await Promise.all(
    ['usr/lib', 'lib'].map(async (parent) => {
      const names = await readdir(join(tree, parent)).catch(() => []);
      return names.filter((name) => /-linux-\w+$/.test(name)).map((name) => join(tree, parent, name));
    }),
  );
  const path = found.flat().join(':');
  return path === '' ? undefined : path;
}

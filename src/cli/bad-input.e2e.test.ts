import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { home, type Home } from './test-program.ts';

/** Runs go on side by side, and try out for a moment what can be written to: each has a place of its own. */
async function homeWithFiles(): Promise<Home> {
  const at = await home();
  mkdirSync(join(at.directory, 'empty'));
  mkdirSync(join(at.directory, 'full'));
  writeFileSync(join(at.directory, 'full', 'precious'), 'kept');
  mkdirSync(join(at.directory, 'migrations'));
  writeFileSync(join(at.directory, 'migrations', '1_nothing.up.sql'), 'SELECT 1');
  return at;
}

const HELP = '  next: run with --help for what is possible';

describe.concurrent('bad input ends with 2, one clear line and a hint, before anything is started', () => {
  test.each<[string, string[]]>([
    ['frobnicate', [`restoreproof: unknown command 'frobnicate'`, HELP]],
    ['smoke --zzyzx', [`restoreproof: unknown option '--zzyzx'`, HELP]],
    [
      'smoke --rows 0',
      [
        `restoreproof: option '--rows <n>' argument '0' is invalid. a whole number from 1 to 1000000 is wanted.`,
        HELP,
      ],
    ],
    [
      'fuzz --property every-mutant-is-killed --subject hardened',
      [
        'restoreproof: every-mutant-is-killed cannot be tried on this subject: built-in hardened audit log',
        '  why:  it works on the tables and triggers of the built-in schema, by their names',
        '  next: leave out --subject or --migrations, or the property',
      ],
    ],
    [
      'fuzz --property a-loaded-chain-is-the-triggers-own --migrations migrations',
      [
        'restoreproof: a-loaded-chain-is-the-triggers-own cannot be tried on this subject: 1 migrations of migrations',
        '  why:  it works on the tables and triggers of the built-in schema, by their names',
        '  next: leave out --subject or --migrations, or the property',
      ],
    ],
    [
      'smoke --engine server',
      [
        'restoreproof: the environment names no PostgreSQL server',
        '  next: set DATABASE_URL=postgres://user@host:5432/database, or PGHOST, PGUSER and PGDATABASE',
      ],
    ],
    [
      'smoke --engine local --url postgres://u:geheim@h/d',
      ['restoreproof: --url and --engine local contradict each other', '  next: give one of the two'],
    ],
    [
      'smoke --url postgres:/u:geheim@h/d',
      [
        'restoreproof: not a connection URL: postgres:***@h/d',
        '  next: write it as postgres://user@host:5432/database',
      ],
    ],
    [
      'smoke --url postgres://u:ge%heim@h/d',
      [
        'restoreproof: the connection URL has a broken percent-encoding: postgres://u:***@h/d',
        '  next: write a literal % as %25',
      ],
    ],
    [
      'smoke --pg-bin nowhere',
      [
        'restoreproof: --pg-bin nowhere holds no PostgreSQL programs',
        '  why:  there is no such directory',
        '  next: give --pg-bin the directory that holds pg_dump and postgres, e.g. /usr/lib/postgresql/17/bin',
      ],
    ],
    [
      'smoke --json nowhere/smoke.json',
      [
        'restoreproof: --json nowhere/smoke.json: the directory WORK/nowhere does not exist',
        '  next: name another file for --json',
      ],
    ],
    [
      'smoke --json empty',
      ['restoreproof: --json empty: it is a directory', '  next: name another file for --json'],
    ],
    [
      'smoke --keep full',
      ['restoreproof: --keep full is not empty', '  next: name a directory that is new or empty'],
    ],
    [
      'snapshot --out s.json',
      [
        'restoreproof: no database is named',
        '  next: give --url postgres://…, or --engine server to take DATABASE_URL or the PG* variables',
      ],
    ],
    [
      'snapshot --out nowhere/s.json --url postgres://u:geheim@h/d',
      [
        'restoreproof: --out nowhere/s.json: the directory WORK/nowhere does not exist',
        '  next: name another file for --out',
      ],
    ],
    ['smoke --json=', ['restoreproof: --json: the name is empty', '  next: name a file for --json']],
    [
      'smoke --json /proc/smoke.json',
      [
        'restoreproof: --json /proc/smoke.json: the directory /proc cannot be written to',
        '  next: name another file for --json',
      ],
    ],
    [
      'smoke --keep full/precious/kept',
      [
        'restoreproof: --keep full/precious/kept cannot be used',
        '  why:  WORK/full/precious is a file',
        '  next: name another directory for --keep',
      ],
    ],
    // What cannot be used later is not left behind empty.
    [
      'smoke --keep new --pg-bin nowhere',
      [
        'restoreproof: --pg-bin nowhere holds no PostgreSQL programs',
        '  why:  there is no such directory',
        '  next: give --pg-bin the directory that holds pg_dump and postgres, e.g. /usr/lib/postgresql/17/bin',
      ],
    ],
    [
      'fuzz --counterexamples /proc/findings',
      [
        'restoreproof: --counterexamples /proc/findings cannot be used',
        '  why:  nothing can be made in /proc: there is no such file or directory',
        '  next: name another directory for --counterexamples',
      ],
    ],
    [
      'fuzz --fault nowhere.sql',
      [
        'restoreproof: --fault nowhere.sql cannot be read',
        '  why:  there is no such file or directory',
        '  next: name a file of SQL that this user may read, or mutant:ID',
      ],
    ],
    [
      'replay nowhere.json',
      [
        'restoreproof: the case nowhere.json cannot be read',
        '  why:  there is no such file or directory',
        '  next: name a case.json that restoreproof wrote, or the folder it is in',
      ],
    ],
    [
      'replay full/precious',
      [
        'restoreproof: full/precious is not JSON',
        '  why:  it begins with "kept"',
        '  next: name a case.json that restoreproof wrote, or the folder it is in',
      ],
    ],
  ])('%s', async (line, err) => {
    await using at = await homeWithFiles();
    const expected = err.map((text) => text.replace('WORK', at.directory));
    expect(await at.run(line.split(' '))).toEqual({ exitCode: 2, out: [], err: expected });
    expect(readdirSync(at.directory).toSorted()).toEqual(['empty', 'full', 'migrations']);
    expect(await at.leftovers()).toEqual([]);
  });
});

test.concurrent('no arguments at all: the help, on standard error, and 2', async () => {
  await using at = await home();
  const { exitCode, out, err } = await at.run([]);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
  expect(err[0]).toBe('Usage: restoreproof [options] [command]');
  expect(err).toContain('Exit codes:');
});

test.concurrent('help that was asked for is a result, on standard output', async () => {
  await using at = await home();
  const { exitCode, out, err } = await at.run(['smoke', '--help']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: [] });
  expect(out[0]).toBe('Usage: restoreproof smoke [options]');
});

test.concurrent('--version is the package’s', async () => {
  await using at = await home();
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(await at.run(['--version'])).toEqual({ exitCode: 0, out: [version], err: [] });
});

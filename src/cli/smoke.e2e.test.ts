import { execa } from 'execa';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { testDatabase } from '../testing.ts';
import { home, sharedUrl } from './test-program.ts';

const HEAD = '6bc51000158159c2baa4d08d531b89c3698765ca27ce49933932eaa95e767eec';
const TIME = / +\d+\.\d\d s  /;

/** A line that holds a time, without it. */
function untimed(line: string): string {
  return line.replace(TIME, ' | ');
}

test.concurrent('one command proves one restore: a line per step with its time, PASS, a line per check, nothing left', async () => {
  await using at = await home();
  // A shell may point at production: without --engine server nothing of it is followed.
  const production = {
    DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/prod',
    PGHOST: '127.0.0.1',
    PGPORT: '1',
  };
  const { exitCode, out, err } = await at.run(['smoke'], { ...production, PATH: inject('server').path });
  expect(err).toEqual([]);
  expect(untimed(out[0] ?? '')).toMatch(/^ {2}server \| PostgreSQL \d+\.\d+ \(throwaway server, \/.*\)$/);
  expect(out.slice(1).map(untimed)).toEqual([
    '  subject | built-in audit chain',
    '  workload | 24 events appended through the triggers',
    '  source snapshot | rows, chain, verifier, schema',
    '  dump | pg_dump --format=custom --no-owner --no-acl',
    '  wipe | every schema dropped; read back: no table is left',
    '  restore | pg_restore --exit-on-error --no-owner --no-acl',
    '  restored snapshot | the same, read from the restored database',
    '  second dump | dumped again; both dumps compared as scripts',
    '  acts | append, UPDATE, DELETE, tamper; all rolled back',
    'PASS  rows=24  chain_head=6bc51000…  verifier=clean',
    '  held      row-count          24 rows',
    `  held      chain-head         ${HEAD}`,
    '  held      verify-clean       no break',
    '  held      verify-walked      24 rows walked',
    '  held      row-bytes          25 rows of 2 tables, every column',
    '  held      chain-recomputed   24 hashes recomputed, tail = head',
    expect.stringMatching(
      /^ {2}held {6}schema {13}\d+ catalog objects; not compared: owner, grant, default-privilege$/,
    ),
    '  held      append-continues   the next event chains to the head',
    '  held      worm-enforced      UPDATE and DELETE refused, as on the source',
    '  held      tamper-seen        a one-bit change breaks the verifier at its row',
    '  held      second-dump-equal  a dump of the restored database is the same script',
  ]);
  expect(exitCode).toBe(0);
  expect(await at.leftovers()).toEqual([]);
  expect(readdirSync(at.directory)).toEqual([]);
});

describe.concurrent('what is written besides', () => {
  test('--json holds both snapshots, the versions and the verdict, and no rows', async () => {
    await using at = await home();
    const argv = ['smoke', '--rows', '1', '--json', 'smoke.json', '--url', sharedUrl()];
    // NO_COLOR wins over whatever asks for colours.
    const { exitCode, out } = await at.run(argv, { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect({ exitCode, pass: out.find((line) => line.startsWith('PASS')) }).toEqual({
      exitCode: 0,
      pass: 'PASS  rows=1  chain_head=0d5115cc…  verifier=clean',
    });
    const text = readFileSync(join(at.directory, 'smoke.json'), 'utf8');
    const snapshot = {
      row_count: 1,
      chain_head_hash: '0d5115cc4fcbbfbb05dcdb6016e26c66d2b8a4f35edcbf183c761bbb76b46740',
      first_break_id: null,
      first_break_pos: -1,
      verifier_walked: 1,
    };
    const { version } = inject('server');
    expect(JSON.parse(text)).toMatchObject({
      format: 'restoreproof.smoke/v1',
      verdict: 'faithful',
      versions: { engine: 'server', server: version, client_tools: version },
      snapshots: [
        { phase: 'source', ...snapshot },
        { phase: 'restored', ...snapshot },
      ],
    });
    expect(text).not.toContain('Buffer');
    expect(readdirSync(at.directory)).toEqual(['smoke.json']);
    expect(await at.leftovers()).toEqual([]);
  });

  test('--keep keeps a dump that pg_restore takes, and snapshots that verify takes', async () => {
    await using at = await home();
    const argv = ['smoke', '--rows', '1000', '--keep', 'kept', '--url', sharedUrl()];
    const smoked = await at.run(argv, { FORCE_COLOR: '1' });
    expect(smoked).toMatchObject({ exitCode: 0, err: ['kept in kept: pre.json, post.json, audit.dump'] });
    expect(smoked.out).toContain('  \u001B[32mheld     \u001B[39m verify-walked      1000 rows walked');

    await using database = await testDatabase();
    const { host, port, user } = inject('server').settings;
    const place = ['-h', host, '-p', String(port), '-U', user, '-d', database.settings.database];
    await execa(join(inject('server').pgBin, 'pg_restore'), [
      ...place,
      '-e',
      join(at.directory, 'kept/audit.dump'),
    ]);
    for (const against of ['kept/pre.json', 'kept/post.json']) {
      const url = sharedUrl(database.settings.database);
      expect(await at.run(['verify', '--against', against, '--url', url])).toMatchObject({
        exitCode: 0,
        err: [],
      });
    }
    // What is kept is not written over.
    expect(await at.run(['smoke', '--keep', 'kept'])).toEqual({
      exitCode: 2,
      out: [],
      err: ['restoreproof: --keep kept is not empty', '  next: name a directory that is new or empty'],
    });
  });
});

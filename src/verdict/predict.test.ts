import { expect, test } from 'vitest';
import { caseFacts } from '../case/case-facts.ts';
import type { Case, Target } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { World } from '../case/world.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { hardened } from '../subject/hardened.ts';
import { describePrediction, predict } from './predict.ts';

const version = { major: 15, minor: 18, text: '15.18' };
const world: World = {
  subject: auditChain.traits,
  server: version,
  tools: version,
  compression: ['gzip'],
  locales: ['C'],
  icu: true,
  superuser: true,
};

const readOnly = { environment: { PGOPTIONS: '-c default_transaction_read_only=on' } };
const uncommitted = { tool: 'psql', options: ['--set=AUTOCOMMIT=off'] } as const;
const into = (search_path: string): Partial<Case> => ({
  target: { kind: 'fresh', settings: { search_path } },
});

// Each as it was seen on PostgreSQL 15.18.
test.each<[string, Partial<Case>, string]>([
  [
    'psql rolls back a whole script',
    { dump: { format: 'plain' }, restore: uncommitted },
    'lossy (hazard autocommit-off)',
  ],
  [
    'psql rolls back the script that the next one builds on',
    { dump: { format: 'plain', parts: 'sections' }, restore: uncommitted },
    'refused (hazard nothing-to-restore-into)',
  ],
  [
    'the triggers are rolled back as well',
    { dump: { format: 'plain', parts: 'schema-and-data' }, restore: uncommitted },
    'refused (hazard nothing-to-restore-into)',
  ],
  [
    'psql goes on after an error',
    { dump: { format: 'plain' }, restore: { tool: 'psql', go_on_after_errors: true, ...readOnly } },
    'lossy (hazard psql-goes-on)',
  ],
  [
    'one error undoes a transaction',
    {
      dump: { format: 'plain', environment: { PGCLIENTENCODING: 'SJIS' } },
      restore: { tool: 'psql', go_on_after_errors: true, single_transaction: true },
      target: { kind: 'fresh', encoding: 'KOI8R', locale: 'C' },
    },
    'lossy (hazard psql-goes-on)',
  ],
  [
    'but for one with a savepoint before each statement',
    {
      dump: { format: 'plain', environment: { PGCLIENTENCODING: 'SJIS' } },
      restore: {
        tool: 'psql',
        go_on_after_errors: true,
        single_transaction: true,
        options: ['--set=ON_ERROR_ROLLBACK=on'],
      },
      target: { kind: 'fresh', encoding: 'KOI8R', locale: 'C' },
    },
    'faithful',
  ],
  [
    'a table by its name comes without the triggers that would fire',
    {
      dump: { format: 'custom', parts: 'schema-and-data' },
      restore: { tool: 'pg_restore', options: ['--table=audit_events'] },
    },
    'lossy (hazard head-left-out)',
  ],
  [
    'both tables by their names come bare',
    { restore: { tool: 'pg_restore', options: ['--table=audit_events', '--table=audit_chain_head'] } },
    'drifted (hazard tables-without-functions)',
  ],
  [
    'without a table there is less than without rows',
    { ...smokeCase(0), restore: { tool: 'pg_restore', options: ['--table=audit_chain_head'] } },
    'lossy (hazard events-left-out)',
  ],
  [
    'a name that pg_restore does not find brings nothing',
    { restore: { tool: 'pg_restore', options: ['--table=audit_*'] } },
    'lossy (hazard events-left-out)',
  ],
  [
    'a pattern of pg_dump finds both',
    { dump: { format: 'custom', options: ['--table=audit_*'] } },
    'refused (hazard triggers-without-functions)',
  ],
  [
    'psql does not go on past \\connect',
    {
      dump: { format: 'plain' },
      restore: { tool: 'psql', go_on_after_errors: true, create: true, ...readOnly },
    },
    'refused (hazard read-only-session)',
  ],
  [
    'a database cannot be made in a transaction',
    { dump: { format: 'plain' }, restore: { ...uncommitted, create: true } },
    'refused (create-database-in-a-transaction)',
  ],
  [
    'nor by a script made of an archive',
    { restore: { tool: 'script', single_transaction: true, create: true } },
    'refused (create-database-in-a-transaction)',
  ],
  ['public is found', into('public'), 'faithful'],
  ['a list in quotes is one name', into('"$user", public'), 'drifted (hazard search-path-without-public)'],
])('%s', (_, change, prediction) => {
  const trial = { ...smokeCase(2), ...change };
  expect(describePrediction(predict(trial, caseFacts(trial.workload, world.subject), world))).toBe(
    prediction,
  );
});

const only = { options: ['--schema=public'] };
const clean = { tool: 'pg_restore', clean: true } as const;
const old = { major: 13, minor: 16, text: '13.16' };
const closed = 'drifted (hazard schema-public-closed)';
const exists = 'refused (hazard schema-public-already-there)';

// Each as it was seen with the hardened subject on PostgreSQL 15.18, or as it says, on 13.16.
test.each<[string, Case['dump'], Case['restore'], string, Partial<World & { target: Target }>?]>([
  ['dropped and made anew', { format: 'tar', ...only }, clean, closed],
  ['by a script', { format: 'plain', ...only }, { tool: 'psql', clean: true }, closed],
  ['by sections', { format: 'custom', parts: 'sections', ...only }, clean, closed],
  ['made before it is dropped', { format: 'custom', ...only }, { ...clean, create: true }, exists],
  ['asked back by name', { format: 'custom', ...only }, { ...clean, ...only }, 'faithful'],
  ['without privileges', { format: 'custom', ...only }, { ...clean, options: ['-x'] }, 'faithful'],
  ['whole', { format: 'custom' }, clean, 'faithful'],
  [
    'rolled back over what is there',
    { format: 'plain', ...only },
    { ...uncommitted, clean: true },
    'faithful',
    { target: { kind: 'fresh', prepared: true } },
  ],
  ['on 13', { format: 'custom', ...only }, clean, closed, { server: old, tools: old }],
  ['by tools of 15 on 13', { format: 'custom', ...only }, clean, 'faithful', { server: old }],
])('public of --schema=public: %s', (_, dump, restore, prediction, { target, ...more } = {}) => {
  const trial: Case = { ...smokeCase(0), workload: { transactions: [] }, dump, restore };
  const there: World = { ...world, subject: hardened.traits, ...more };
  const predicted = predict(
    { ...trial, target: target ?? { kind: 'wiped' } },
    caseFacts(trial.workload, there.subject),
    there,
  );
  expect(describePrediction(predicted)).toBe(prediction);
});

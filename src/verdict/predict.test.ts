import { expect, test } from 'vitest';
import { caseFacts } from '../case/case-facts.ts';
import type { Case } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { World } from '../case/world.ts';
import { auditChain } from '../subject/audit-chain.ts';
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

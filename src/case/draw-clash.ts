import type fc from 'fast-check';
import type { Case, RestorePlan } from './case.ts';
import { oneOf } from './chance.ts';
import {
  dumping,
  dumpingUnder,
  inTurn,
  into,
  restoring,
  restoringUnder,
  type Change,
} from './change-case.ts';

/** A plan as it has to be for a clash of pg_restore's: one archive, restored directly. */
const archive = inTurn(
  (trial) => {
    const { parts: _, ...rest } = trial.dump;
    return {
      ...trial,
      dump: { ...rest, format: trial.dump.format === 'plain' ? 'custom' : trial.dump.format },
    };
  },
  (trial) => ({ ...trial, restore: { tool: 'pg_restore' }, target: { kind: 'wiped' } }),
);
const pgRestore = (options: readonly string[], change: Partial<RestorePlan> = {}): Change =>
  inTurn(archive, restoring(change, options));
/** A plan as it has to be for a clash of psql's: one script, which is unpacked for it where gzip packed it. */
const script: Change = (trial) => {
  const { parts: _, jobs: __, compress, ...rest } = trial.dump;
  const kept = compress === undefined || /^(?:lz4|zstd)/.test(compress) ? {} : { compress };
  return { ...trial, dump: { ...rest, ...kept, format: 'plain' }, restore: { tool: 'psql' } };
};
const psql = (options: readonly string[], change: Partial<RestorePlan> = {}): Change =>
  inTurn(script, restoring(change, options));

const ontoTheSource: Change = (trial) => ({ ...trial, target: { kind: 'wiped' } });

/** Changes of a case after which a tool rejects it by itself. */
export const CLASHES: readonly Change[] = [
  dumping({ format: 'tar', compress: '6' }),
  dumping({ format: 'custom', jobs: 2 }),
  dumping({ format: 'tar', jobs: 3 }),
  dumping({ compress: '10' }),
  dumping({ compress: 'gzip:99' }),
  dumping({ rows: 0 }),
  dumping({}, ['--schema-only', '--data-only']),
  dumping({}, ['--data-only', '--clean']),
  dumping({}, ['--if-exists']),
  dumping({}, ['--on-conflict-do-nothing']),
  dumping({}, ['--encoding=LATIN99']),
  dumping({}, ['--extra-float-digits=4']),
  dumping({}, ['--section=middle']),
  dumping({}, ['--table=nowhere']),
  dumping({}, ['--schema=nowhere']),
  dumping({}, ['--role=nobody_here']),
  dumping({}, ['--snapshot=nowhere']),
  dumping({ format: 'custom' }, ['--restrict-key=abc']),
  dumping({ format: 'plain' }, ['--restrict-key=a.b']),
  dumping({}, ['--no-statistics']),
  dumping({}, ['--statistics', '--no-statistics']),
  dumping({}, ['--statistics', '--data-only']),
  dumping({}, ['--sync-method=fsync']),
  dumping({}, ['--no-such-option']),
  dumping({}, ['--no-synchronized-snapshots']),
  dumpingUnder('PGTZ', 'Nowhere/Nothing'),
  dumpingUnder('PGCLIENTENCODING', 'LATIN99'),
  pgRestore([], { create: true, single_transaction: true }),
  pgRestore([], { jobs: 2, single_transaction: true }),
  inTurn(pgRestore([], { jobs: 2 }), dumping({ format: 'tar' })),
  inTurn(pgRestore([], { jobs: 2, stdin: true }), dumping({ format: 'custom' })),
  pgRestore(['--schema-only', '--data-only']),
  pgRestore(['--data-only'], { clean: true }),
  pgRestore(['--if-exists']),
  pgRestore(['--strict-names', '--table=nowhere']),
  pgRestore(['--section=middle']),
  pgRestore(['--restrict-key=abc']),
  pgRestore([], { transaction_size: 10 }),
  pgRestore([], { transaction_size: 10, single_transaction: true }),
  pgRestore(['--statistics', '--no-statistics']),
  pgRestore(['--statistics', '--data-only']),
  pgRestore(['--no-such-option']),
  pgRestore(['--role=nobody_here']),
  inTurn(pgRestore(['--format=tar']), dumping({ format: 'custom' })),
  inTurn(dumping({ format: 'plain' }), restoring({ tool: 'pg_restore' })),
  inTurn(archive, restoring({ tool: 'psql' })),
  psql(['--no-such-option']),
  psql(['--set=ON_ERROR_ROLLBACK=maybe']),
  inTurn(psql([], { create: true, single_transaction: true }), ontoTheSource),
  inTurn(archive, restoring({ tool: 'script', create: true, single_transaction: true })),
  inTurn(psql(['--set=AUTOCOMMIT=off'], { create: true, clean: true }), ontoTheSource),
  inTurn(
    into({ encoding: 'WIN1252', provider: 'libc', locale: 'C' }),
    restoringUnder('PGCLIENTENCODING', 'LATIN1'),
  ),
  restoringUnder('PGTZ', 'Nowhere/Nothing'),
  restoringUnder('PGCLIENTENCODING', 'LATIN99'),
];

/** The case changed so that a tool rejects it; which of the changes is drawn. */
export function drawClash(trial: Case): fc.Arbitrary<Case> {
  return oneOf(CLASHES).map((clash) => clash(trial));
}

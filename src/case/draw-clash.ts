import type fc from 'fast-check';
import type { Case, DumpPlan, RestorePlan } from './case.ts';
import { oneOf } from './chance.ts';

type Clash = (trial: Case) => Case;

const dump =
  (change: Partial<DumpPlan>, options: readonly string[] = []): Clash =>
  (trial) => ({ ...trial, dump: { ...trial.dump, ...change, ...more(trial.dump.options, options) } });
const restore =
  (change: Partial<RestorePlan>, options: readonly string[] = []): Clash =>
  (trial) => ({
    ...trial,
    restore: { ...trial.restore, ...change, ...more(trial.restore.options, options) },
  });
const both =
  (one: Clash, other: Clash): Clash =>
  (trial) =>
    other(one(trial));
const dumpEnvironment =
  (name: string, value: string): Clash =>
  (trial) =>
    dump({ environment: { ...trial.dump.environment, [name]: value } })(trial);
const restoreEnvironment =
  (name: string, value: string): Clash =>
  (trial) =>
    restore({ environment: { ...trial.restore.environment, [name]: value } })(trial);

function more(given: readonly string[] = [], added: readonly string[]): { options?: readonly string[] } {
  return added.length === 0 ? {} : { options: [...given, ...added] };
}

const into =
  (encoding: string, clash: Clash): Clash =>
  (trial) => {
    const { create: _, ...plan } = trial.restore;
    return clash({
      ...trial,
      restore: plan,
      target: { kind: 'fresh', encoding, provider: 'libc', locale: 'C' },
    });
  };

/** A plan as it has to be for a clash of pg_restore's: one archive, restored directly. */
const archive = both(
  (trial) => {
    const { parts: _, ...rest } = trial.dump;
    return {
      ...trial,
      dump: { ...rest, format: trial.dump.format === 'plain' ? 'custom' : trial.dump.format },
    };
  },
  (trial) => ({ ...trial, restore: { tool: 'pg_restore' }, target: { kind: 'wiped' } }),
);
const pgRestore = (options: readonly string[], change: Partial<RestorePlan> = {}): Clash =>
  both(archive, restore(change, options));
const psql = (options: readonly string[], change: Partial<RestorePlan> = {}): Clash =>
  both(
    (trial) => {
      const { parts: _, jobs: __, ...rest } = trial.dump;
      return { ...trial, dump: { ...rest, format: 'plain' }, restore: { tool: 'psql' } };
    },
    restore(change, options),
  );

/** Changes of a case after which a tool rejects it by itself. */
export const CLASHES: readonly Clash[] = [
  dump({ format: 'tar', compress: '6' }),
  dump({ format: 'custom', jobs: 2 }),
  dump({ format: 'tar', jobs: 3 }),
  dump({ compress: '10' }),
  dump({ compress: 'gzip:99' }),
  dump({ rows: 0 }),
  dump({}, ['--schema-only', '--data-only']),
  dump({}, ['--data-only', '--clean']),
  dump({}, ['--if-exists']),
  dump({}, ['--on-conflict-do-nothing']),
  dump({}, ['--encoding=LATIN99']),
  dump({}, ['--extra-float-digits=4']),
  dump({}, ['--section=middle']),
  dump({}, ['--table=nowhere']),
  dump({}, ['--schema=nowhere']),
  dump({}, ['--role=nobody_here']),
  dump({}, ['--snapshot=nowhere']),
  dump({ format: 'custom' }, ['--restrict-key=abc']),
  dump({ format: 'plain' }, ['--restrict-key=a.b']),
  dump({}, ['--no-statistics']),
  dump({}, ['--statistics', '--no-statistics']),
  dump({}, ['--statistics', '--data-only']),
  dump({}, ['--sync-method=fsync']),
  dump({}, ['--no-such-option']),
  dump({}, ['--no-synchronized-snapshots']),
  dumpEnvironment('PGTZ', 'Nowhere/Nothing'),
  dumpEnvironment('PGCLIENTENCODING', 'LATIN99'),
  pgRestore([], { create: true, single_transaction: true }),
  pgRestore([], { jobs: 2, single_transaction: true }),
  both(pgRestore([], { jobs: 2 }), dump({ format: 'tar' })),
  both(pgRestore([], { jobs: 2, stdin: true }), dump({ format: 'custom' })),
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
  both(pgRestore(['--format=tar']), dump({ format: 'custom' })),
  both(dump({ format: 'plain' }), restore({ tool: 'pg_restore' })),
  both(archive, restore({ tool: 'psql' })),
  psql(['--no-such-option']),
  psql(['--set=ON_ERROR_ROLLBACK=maybe']),
  into('WIN1252', restoreEnvironment('PGCLIENTENCODING', 'LATIN1')),
  restoreEnvironment('PGTZ', 'Nowhere/Nothing'),
  restoreEnvironment('PGCLIENTENCODING', 'LATIN99'),
];

/** The case changed so that a tool rejects it; which of the changes is drawn. */
export function drawClash(trial: Case): fc.Arbitrary<Case> {
  return oneOf(CLASHES).map((clash) => clash(trial));
}

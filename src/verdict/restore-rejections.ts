import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import { canConvert, targetEncoding } from './encodings.ts';
import { gives, valuesOf } from './plan-words.ts';
import type { Rejection } from './rejection.ts';
import { hasUnknownOption } from './unknown-options.ts';

const rejection = (
  id: string,
  says: RegExp,
  applies: (restore: Case['restore'], dump: Case['dump'], world: World, trial: Case) => boolean,
): Rejection => ({
  id,
  stage: 'restore',
  says,
  applies: (trial, world) => applies(trial.restore, trial.dump, world, trial),
});

/** An archive restored without a script between. */
const direct = ({ tool }: Case['restore']): boolean => tool === 'pg_restore';
const viaPgRestore = ({ tool }: Case['restore']): boolean => tool !== 'psql';

/** What pg_restore and psql reject, in the order in which they look: argv, its combinations, the archive, the server. */
export const RESTORE_REJECTIONS: readonly Rejection[] = [
  rejection(
    'restore-unknown-option',
    /unrecognized option/,
    (restore, _, world) =>
      viaPgRestore(restore) &&
      (hasUnknownOption(restore.options ?? [], 'pg_restore', world) ||
        (restore.transaction_size !== undefined && world.tools.major < 17)),
  ),
  rejection(
    'psql-unknown-option',
    /unrecognized option/,
    (restore) => restore.tool === 'psql' && gives(restore, '--no-such-option'),
  ),
  rejection(
    'psql-variable',
    /unrecognized value "maybe"/,
    (restore) => restore.tool === 'psql' && gives(restore, '--set=ON_ERROR_ROLLBACK=maybe'),
  ),
  rejection(
    'restore-section',
    /unrecognized section name/,
    (restore) =>
      viaPgRestore(restore) &&
      valuesOf(restore, '--section').some((section) => !['pre-data', 'data', 'post-data'].includes(section)),
  ),
  rejection(
    'restrict-key-without-script',
    /options -d\/--dbname and --restrict-key cannot be used together/,
    (restore) => direct(restore) && gives(restore, '--restrict-key'),
  ),
  rejection(
    'restore-schema-only-and-data-only',
    /options -s\/--schema-only and -a\/--data-only cannot be used together/,
    (restore) => viaPgRestore(restore) && gives(restore, '--schema-only') && gives(restore, '--data-only'),
  ),
  rejection(
    'restore-clean-of-data-only',
    /options -c\/--clean and -a\/--data-only cannot be used together/,
    (restore) => viaPgRestore(restore) && restore.clean === true && gives(restore, '--data-only'),
  ),
  rejection(
    'restore-create-in-one-transaction',
    /options -C\/--create and -1\/--single-transaction cannot be used together/,
    (restore) => direct(restore) && restore.create === true && restore.single_transaction === true,
  ),
  // psql goes on after the error, but not past a \connect to a database that is not there.
  rejection(
    'create-database-in-a-transaction',
    /(?:CREATE|DROP) DATABASE cannot run inside a transaction block/,
    (restore) => !direct(restore) && restore.create === true && inTransaction(restore),
  ),
  rejection(
    'single-transaction-and-size',
    /options -1\/--single-transaction and --transaction-size cannot be used together/,
    (restore) =>
      direct(restore) && restore.single_transaction === true && restore.transaction_size !== undefined,
  ),
  rejection(
    'parallel-single-transaction',
    /cannot specify both --single-transaction and multiple jobs/,
    (restore) => direct(restore) && restore.single_transaction === true && parallel(restore),
  ),
  rejection(
    'restore-statistics-and-no-statistics',
    /options --statistics and --no-statistics cannot be used together/,
    (restore) => viaPgRestore(restore) && gives(restore, '--statistics') && gives(restore, '--no-statistics'),
  ),
  rejection(
    'restore-statistics-of-a-part',
    /options (?:-a\/--data-only|-s\/--schema-only) and --statistics cannot be used together/,
    (restore) =>
      viaPgRestore(restore) &&
      gives(restore, '--statistics') &&
      gives(restore, '--schema-only', '--data-only'),
  ),
  rejection(
    'restore-if-exists-without-clean',
    /option --if-exists requires option -c\/--clean/,
    (restore) => viaPgRestore(restore) && gives(restore, '--if-exists') && restore.clean !== true,
  ),
  rejection(
    'plain-to-pg_restore',
    /input file appears to be a text format dump|input file does not appear to be a valid archive/,
    (restore, { format }) => viaPgRestore(restore) && format === 'plain',
  ),
  // What psql says of an archive in custom format goes to standard output.
  rejection(
    'archive-to-psql',
    /PostgreSQL custom-format dump|syntax error at or near|Is a directory|invalid byte sequence/,
    (restore, { format }) => restore.tool === 'psql' && format !== 'plain',
  ),
  rejection(
    'archive-of-another-format',
    /corrupt tar header|could not find header|did not find magic string|Is a directory|Not a directory|could not open input file/,
    (restore, { format }) =>
      viaPgRestore(restore) && valuesOf(restore, '--format').some((given) => !format.startsWith(given)),
  ),
  rejection(
    'archive-of-a-newer-version',
    /unsupported version \([\d.]+\) in file header/,
    (restore, { format }, { dumped, tools }) =>
      viaPgRestore(restore) &&
      format !== 'plain' &&
      dumped !== undefined &&
      archiveVersion(dumped.tools) > archiveVersion(tools),
  ),
  rejection(
    'strict-names',
    /"nowhere" not found/,
    (restore) =>
      viaPgRestore(restore) &&
      gives(restore, '--strict-names') &&
      valuesOf(restore, '--table').includes('nowhere'),
  ),
  rejection(
    'parallel-restore-of-stdin',
    /parallel restore from standard input is not supported/,
    (restore, { format }) =>
      direct(restore) && restore.stdin === true && parallel(restore) && format === 'custom',
  ),
  rejection(
    'parallel-restore-of-tar',
    /parallel restore is not supported with this archive file format/,
    (restore, { format }) => direct(restore) && parallel(restore) && format === 'tar',
  ),
  rejection(
    'restore-role',
    /role "nobody_here" does not exist/,
    (restore) => viaPgRestore(restore) && valuesOf(restore, '--role').includes('nobody_here'),
  ),
  rejection(
    'restore-client-encoding',
    /conversion between \S+ and \S+ is not supported|invalid value for parameter "client_encoding"/,
    ({ environment = {}, create }, _, __, trial) =>
      create !== true && !canConvert(environment['PGCLIENTENCODING'] ?? 'UTF8', targetEncoding(trial)),
  ),
  rejection(
    'restore-connection-setting',
    /invalid value for parameter/,
    ({ environment = {} }) =>
      /nowhere/i.test(environment['PGTZ'] ?? '') || (environment['PGCLIENTENCODING'] ?? '').endsWith('99'),
  ),
];

/** Whether psql runs all of a script in transactions. */
function inTransaction(restore: Case['restore']): boolean {
  return (
    restore.single_transaction === true || (restore.tool === 'psql' && gives(restore, '--set=AUTOCOMMIT=off'))
  );
}

/** The minor part of K_VERS_SELF (src/bin/pg_dump/pg_backup_archiver.h); pg_restore reads none that is newer than its own. */
function archiveVersion({ major }: World['tools']): number {
  if (major >= 17) return 16;
  return major === 16 ? 15 : 14;
}

function parallel({ jobs = 1 }: Case['restore']): boolean {
  return jobs > 1;
}

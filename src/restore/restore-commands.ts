import type { Case, RestorePlan } from '../case/case.ts';
import { UsageError } from '../errors.ts';

/** One run of a tool on the way from archives to a database; the password comes by the environment. */
export interface RestoreCommand {
  readonly tool: 'pg_restore' | 'psql';
  readonly argv: readonly string[];
  /** The file that comes by standard input. */
  readonly inputFile?: string | undefined;
  /** A list that this run writes, and the file that it is to be written to with neighbours swapped. */
  readonly reorder?: Reordering | undefined;
}

export interface Reordering {
  readonly list: string;
  readonly into: string;
  /** True where the archive is read from front to back only: tar, and whatever comes by a pipe. */
  readonly keepDataInOrder: boolean;
}

export interface RestorePlaces {
  /** As the dump gave them, in the order of their restore; lists and scripts are written beside them. */
  readonly archives: readonly string[];
  /** The name of the database to restore into. */
  readonly database: string;
  /** The name of the database to be in while the tool makes the target itself. */
  readonly maintenance: string;
}

/** One archive, or one section of it, on its way into one database. */
interface Leg {
  readonly archive: string;
  readonly section: string | undefined;
  readonly list: string | undefined;
  /** Only the first one finds no database of that name, or has to drop it. */
  readonly create: boolean;
  readonly database: string;
}

type Plans = Pick<Case, 'dump' | 'restore'>;

const SECTIONS = ['pre-data', 'data', 'post-data'];

/**
 * The runs of pg_restore and psql for a trial, in order. Where psql runs a plain dump, `clean` and `create` are in the
 * script already: they were pg_dump's. The plan's options are psql's then, and pg_restore's in every other case.
 *
 * @throws UsageError for a plan that no command line can express
 */
export function restoreCommands(plans: Plans, places: RestorePlaces): RestoreCommand[] {
  requireExpressible(plans);
  const { restore } = plans;
  const legs = legsOf(restore, places);
  const lists = restore.use_list === undefined ? [] : places.archives;
  return [
    ...lists.map((archive) => listCommand(archive, plans)),
    ...legs.flatMap((leg) => legCommands(leg, restore)),
  ];
}

function legsOf(restore: RestorePlan, { archives, database, maintenance }: RestorePlaces): Leg[] {
  const sections = restore.by_section ? SECTIONS : [undefined];
  const pairs = archives.flatMap((archive) => sections.map((section) => ({ archive, section })));
  return pairs.map(({ archive, section }, index) => {
    const create = index === 0 && restore.create === true;
    const list = restore.use_list === undefined ? undefined : listFiles(archive)[restore.use_list];
    return { archive, section, list, create, database: create ? maintenance : database };
  });
}

function listFiles(archive: string): Record<NonNullable<RestorePlan['use_list']>, string> {
  return { 'as-is': `${archive}.list`, reordered: `${archive}.reordered-list` };
}

function listCommand(archive: string, { dump, restore }: Plans): RestoreCommand {
  const { use_list: order, stdin = false } = restore;
  const files = listFiles(archive);
  const reordered = order === 'reordered';
  // With --verbose each entry's dependencies are told in a comment after it (pg_backup_archiver.c, PrintTOCSummary).
  const argv = ['--list', ...(reordered ? ['--verbose'] : []), `--file=${files['as-is']}`];
  return {
    ...pgRestore(argv, archive, stdin),
    reorder: reordered
      ? { list: files['as-is'], into: files.reordered, keepDataInOrder: stdin || dump.format === 'tar' }
      : undefined,
  };
}

function legCommands(leg: Leg, restore: RestorePlan): readonly RestoreCommand[] {
  const { archive, section, database } = leg;
  const { tool, stdin } = restore;
  if (tool === 'psql') return [psql(restore, database, archive, restore.options, stdin)];
  const options = archiveOptions(leg, restore);
  if (tool === 'pg_restore') {
    return [pgRestore([...directOptions(restore), ...options, `--dbname=${database}`], archive, stdin)];
  }
  const script = `${archive}${section === undefined ? '' : `.${section}`}.restore.sql`;
  return [pgRestore([...options, `--file=${script}`], archive, stdin), psql(restore, database, script)];
}

/** What pg_restore is told about working on a database; in a script, psql takes care of it. */
function directOptions({ go_on_after_errors: goOn, single_transaction: single }: RestorePlan): string[] {
  return [...(goOn ? [] : ['--exit-on-error']), ...(single ? ['--single-transaction'] : [])];
}

function archiveOptions({ section, list, create }: Leg, restore: RestorePlan): string[] {
  const { jobs, transaction_size: size, clean, options = [] } = restore;
  return [
    ...(jobs === undefined ? [] : [`--jobs=${jobs}`]),
    ...(size === undefined ? [] : [`--transaction-size=${size}`]),
    ...(clean ? ['--clean', '--if-exists'] : []),
    ...(create ? ['--create'] : []),
    ...(section === undefined ? [] : [`--section=${section}`]),
    ...(list === undefined ? [] : [`--use-list=${list}`]),
    ...options,
  ];
}

function pgRestore(argv: readonly string[], archive: string, stdin: boolean | undefined): RestoreCommand {
  return stdin
    ? { tool: 'pg_restore', argv, inputFile: archive }
    : { tool: 'pg_restore', argv: [...argv, archive] };
}

/** `--file=-` and not bare standard input: only with `--file` psql tells line numbers and heeds --single-transaction. */
function psql(
  { go_on_after_errors: goOn, single_transaction: single }: RestorePlan,
  database: string,
  script: string,
  options: readonly string[] = [],
  stdin = false,
): RestoreCommand {
  const argv = [
    '--no-psqlrc',
    '--quiet',
    ...(goOn ? [] : ['--set=ON_ERROR_STOP=1']),
    ...(single ? ['--single-transaction'] : []),
    ...options,
    `--dbname=${database}`,
    `--file=${stdin ? '-' : script}`,
  ];
  return { tool: 'psql', argv, ...(stdin ? { inputFile: script } : {}) };
}

function requireExpressible({ dump, restore }: Plans): void {
  const { tool, jobs, transaction_size: size, by_section: bySection, use_list: useList, stdin } = restore;
  const archivesOnly = {
    jobs,
    transaction_size: size,
    by_section: bySection || undefined,
    use_list: useList,
  };
  const extra = Object.entries(archivesOnly).find(([, value]) => value !== undefined);
  if (tool === 'psql' && extra) throw inexpressible(`psql cannot restore with "${extra[0]}"`);
  if (stdin && dump.format === 'directory') {
    throw inexpressible('a dump in directory format cannot come by standard input');
  }
}

function inexpressible(what: string): UsageError {
  return new UsageError({ what, next: 'change the restore plan of the case' });
}

import { join } from 'node:path';
import { DatabaseError } from 'pg';
import { colours } from './colours.ts';
import { EXIT, UsageError } from '../errors.ts';
import { parseConnectionUrl, settingsFromEnvironment } from '../postgres/connection-url.ts';
import type { Connection } from '../postgres/connection.ts';
import type { EngineName } from '../postgres/engine.ts';
import { openThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import { untilReady } from '../postgres/server-readiness.ts';
import { checkLines } from '../report/checks-text.ts';
import { checkAnnotations } from '../report/github.ts';
import { describeSnapshot } from '../report/snapshot-text.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';
import { locateDifferences } from '../snapshot/locate-differences.ts';
import { readSnapshotFile, trailFileOf } from '../snapshot/snapshot-file.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { takeSnapshot } from '../snapshot/take-snapshot.ts';
import { chooseSubject, type SubjectOptions } from '../subject/choose-subject.ts';
import { requireSubject } from '../subject/require-subject.ts';
import type { Subject } from '../subject/subject.ts';
import { runChecks, verdictOf } from '../verdict/judge.ts';
import { chainFault } from '../verdict/source-fault.ts';
import type { Terminal } from './terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { requireWritablePlace } from './write-file.ts';
import { writeSnapshot } from './write-snapshot.ts';

export interface DatabaseOptions extends SubjectOptions {
  readonly url?: string | undefined;
  readonly engine?: EngineName | undefined;
  /** Seconds to wait for the server to answer. */
  readonly wait: number;
}

/** `restoreproof snapshot`: reads one database and writes what it says about itself. Returns the exit code. */
export async function snapshot(
  options: DatabaseOptions & { out: string },
  terminal: Terminal,
): Promise<number> {
  const { subject } = await chooseSubject(options);
  await requireWritablePlace(options.out, '--out');
  await using connection = await openForReading(options, subject, 'all', terminal);
  await using directory = await openThrowawayDirectory();
  const trailFile = join(directory.path, 'rows');
  const taken = await untilInterrupted(
    read(connection, { phase: 'source', subject, trailFile }),
    terminal.signal,
  );
  const written = await writeSnapshot(options.out, taken);
  for (const line of describeSnapshot(taken)) terminal.note(line);
  if (chainFault(taken) !== undefined)
    terminal.say('the chain does not verify here: nothing restored from this can be said to be whole');
  terminal.print(`written to ${written.join(' and ')}`);
  return EXIT.asPredicted;
}

export interface VerifyOptions extends DatabaseOptions {
  readonly against: string;
  readonly exempt: readonly CatalogKind[];
}

/** `restoreproof verify`: compares a restored database with a snapshot, reading only. Returns the exit code. */
export async function verify(options: VerifyOptions, terminal: Terminal): Promise<number> {
  const { subject } = await chooseSubject(options);
  const source = await readSnapshotFile(options.against);
  if (!source.trail) terminal.say(`${trailFileOf(options.against)} ${WITHOUT_TRAIL}`);
  await using connection = await openForReading(options, subject, 'some', terminal);
  await using directory = await openThrowawayDirectory();
  const trailFile = join(directory.path, 'rows');
  const restored = await untilInterrupted(
    read(connection, { phase: 'restored', subject, orderedLike: source, trailFile }),
    terminal.signal,
  );
  const located = await locateDifferences(source, restored);
  const checks = runChecks({ source, restored, exempt: new Set(options.exempt), located });
  const fault = chainFault(source);
  const verdict = fault === undefined ? verdictOf(checks) : 'source-invalid';
  const faithful = verdict === 'faithful';
  const headline = faithful
    ? `${colours.green('PASS')}  rows=${restored.row_count}  chain_head=${restored.chain_head_hash?.slice(0, 8)}…`
    : `${colours.red('FAIL')}  ${verdict}${fault === undefined ? '' : `: the chain did not verify before the backup: ${fault}`}`;
  terminal.print(`${headline}  against ${options.against} of ${source.taken_at}`);
  for (const line of checkLines(checks, colours)) (faithful ? terminal.note : terminal.print)(line);
  if (process.env['GITHUB_ACTIONS'] === 'true')
    for (const line of checkAnnotations(checks)) terminal.print(line);
  return faithful ? EXIT.asPredicted : EXIT.findings;
}

const WITHOUT_TRAIL =
  'is not there, or belongs to another snapshot: rows that differ are seen, and not named';

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * A snapshot of a database that its role may read.
 * @throws UsageError where it may not
 */
async function read(...asked: Parameters<typeof takeSnapshot>): Promise<Snapshot> {
  try {
    return await takeSnapshot(...asked);
  } catch (cause) {
    if (!(cause instanceof DatabaseError) || cause.code !== INSUFFICIENT_PRIVILEGE) throw cause;
    throw new UsageError({
      what: 'the role may not read the whole database',
      why: cause.message,
      next: 'GRANT pg_read_all_data (14 and newer) or SELECT on every table to it; BYPASSRLS where rows are secured',
      cause,
    });
  }
}

/**
 * A session that cannot write, whatever the rights of its role.
 * @throws UsageError where no database is named, it cannot be reached, or it is not the subject
 */
async function openForReading(
  options: DatabaseOptions,
  subject: Subject,
  want: 'all' | 'some',
  terminal: Terminal,
): Promise<Connection> {
  const settings = databaseSettings(options);
  const { connection } = await untilReady({
    settings,
    readinessMilliseconds: options.wait * 1000,
    signal: terminal.signal,
    say: terminal.say,
  });
  try {
    await connection.query('SET default_transaction_read_only = on');
    await requireSubject(connection, subject, want);
    return connection;
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

function databaseSettings({ url, engine }: DatabaseOptions) {
  if (url !== undefined) return parseConnectionUrl(url);
  if (engine === 'server') return settingsFromEnvironment();
  throw new UsageError({
    what: 'no database is named',
    next: 'give --url postgres://…, or --engine server to take DATABASE_URL or the PG* variables',
  });
}

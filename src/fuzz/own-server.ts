import { chown, lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pipeline } from '../case/pipeline.ts';
import { UsageError } from '../errors.ts';
import { connect } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Installation } from '../postgres/installations.ts';
import { openLocalEngine } from '../postgres/local-engine.ts';
import type { TrialPlace } from '../trial-place.ts';
import type { Subject } from '../subject/subject.ts';

/** A server of a trial's own, with the subject installed in one of its databases. Disposal stops it. */
interface OwnServer
  extends AsyncDisposable, Pick<TrialPlace, 'tools' | 'database' | 'maintenance' | 'directory' | 'account'> {}

/** What a backup of the whole server asks for: WAL senders, and WAL that is worth archiving. */
const SERVER_OPTIONS = { wal_level: 'replica', max_wal_senders: '4', archive_mode: 'on' };

const DATABASE = 'audit';

/**
 * Starts another server of the engine's installation, for a pipeline that dumps or restores all there is on a server.
 * The commands run as the account of the server, because `postgres` and `pg_ctl` refuse root; the directory is its own.
 *
 * @throws UsageError where the engine's server is not ours
 */
export async function openOwnServer(
  { kind, tools }: Engine,
  subject: Subject,
  signal?: AbortSignal,
): Promise<OwnServer> {
  if (kind !== 'local') throw refuseOthersServer();
  const { directory: programs, version, libraryPath } = tools;
  const installation: Installation = {
    directory: programs,
    version,
    source: 'the run',
    missing: [],
    ...(libraryPath === undefined ? {} : { libraryPath }),
  };
  const server = await openLocalEngine({ installation, signal, serverOptions: SERVER_OPTIONS });
  try {
    const maintenance = server.connectionTo(server.maintenanceDatabase);
    const database = server.connectionTo(DATABASE);
    await createDatabase(maintenance, version.major);
    {
      await using connection = await connect(database);
      await subject.install(connection);
    }
    // The directory of the socket is the account's.
    const directory = join(maintenance.host, 'work');
    const { uid, gid } = await lstat(maintenance.host);
    await mkdir(directory, { mode: 0o700 });
    await chown(directory, uid, gid);
    const account = uid === process.geteuid?.() ? undefined : { uid, gid };
    const place = { tools, maintenance, database, directory, account };
    return { ...place, [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose]() };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

async function createDatabase(maintenance: OwnServer['maintenance'], major: number): Promise<void> {
  await using connection = await connect(maintenance);
  const provider = major >= 15 ? ' LOCALE_PROVIDER libc' : '';
  await connection.query(
    `CREATE DATABASE ${DATABASE} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'${provider}`,
  );
}

/** @throws UsageError where the commands of a pipeline cannot run on an engine */
export function requirePipelineEngine({ kind }: Engine, { scope }: Pipeline): void {
  if (scope === 'cluster' && kind !== 'local') throw refuseOthersServer();
  if (kind !== 'container') return;
  throw new UsageError({
    what: 'a pipeline cannot be tried with the container engine',
    why: 'its commands run on this machine, and the client tools are in the container',
    next: 'take --engine local, or --url with client tools installed here',
  });
}

/** Whole servers are only dumped and restored where they are ours. */
function refuseOthersServer(): UsageError {
  return new UsageError({
    what: 'a pipeline with `scope: cluster` takes a throwaway server of the local engine',
    why: 'it dumps and restores whatever there is on a server, which is not ours here',
    next: 'leave --url and --engine out, or take --engine local',
  });
}

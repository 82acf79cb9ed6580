import type { Pipeline } from '../case/pipeline.ts';
import { UsageError } from '../errors.ts';
import { connect } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { TrialPlace } from '../trial-place.ts';
import type { Subject } from '../subject/subject.ts';

/** A server of a trial's own, with the subject installed in one of its databases. Disposal stops it. */
interface OwnServer
  extends AsyncDisposable, Pick<TrialPlace, 'tools' | 'database' | 'maintenance' | 'directory' | 'account'> {
  readonly engine: Engine;
}

/** What a backup of the whole server asks for: WAL senders, and WAL that is worth archiving. */
const SERVER_OPTIONS = { wal_level: 'replica', max_wal_senders: '4', archive_mode: 'on' };

const DATABASE = 'audit';

/**
 * Starts another server of the engine's installation, for a pipeline that dumps or restores all there is on a server.
 * The commands run as the account of the server, because `postgres` and `pg_ctl` refuse root.
 *
 * @throws UsageError where the engine's server is not ours
 */
export async function openOwnServer(
  engine: Engine,
  subject: Subject,
  signal?: AbortSignal,
): Promise<OwnServer> {
  const server = await engine.another?.(SERVER_OPTIONS, signal);
  if (!server) throw refuseOthersServer();
  try {
    const { tools, directory, account } = server;
    const maintenance = server.connectionTo(server.maintenanceDatabase);
    const database = server.connectionTo(DATABASE);
    await createDatabase(maintenance, server.serverVersion.major);
    {
      await using connection = await connect(database);
      await subject.install(connection);
    }
    const place = { engine: server, tools, maintenance, database, directory, account };
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
export function requirePipelineEngine({ another }: Engine, { scope }: Pipeline): void {
  if (scope === 'cluster' && !another) throw refuseOthersServer();
}

/** Whole servers are only dumped and restored where they are ours. */
function refuseOthersServer(): UsageError {
  return new UsageError({
    what: 'a pipeline with `scope: cluster` takes a throwaway server',
    why: 'it dumps and restores whatever there is on a server, which is not ours here',
    next: 'leave --url and --engine out, or take --engine local or --engine container',
  });
}

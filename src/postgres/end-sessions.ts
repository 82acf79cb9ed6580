import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type ConnectionSettings } from './connection.ts';

const POLL_MILLISECONDS = 5;

/**
 * Ends all sessions in a database and returns when they are gone. The session of a client that was killed goes on until
 * it next looks for its client, and what it commits meanwhile would be found in a database that was just emptied.
 */
export async function endSessions(maintenance: ConnectionSettings, database: string): Promise<void> {
  await using connection = await connect(maintenance);
  const end =
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()';
  while ((await connection.query(end, [database])).rows.length > 0) await sleep(POLL_MILLISECONDS);
}

import { DatabaseError, escapeIdentifier } from 'pg';
import type { Connection } from './connection.ts';
import { markOf } from './create-database.ts';
import { LOCK_CLASS, lockObject } from './run-lock.ts';
import type { Version } from './version.ts';

/** The names of the databases of runs; the run's id is its lock's, the number counts within the run. */
export function databaseName(runId: string, number: number): string {
  return `restoreproof_${runId}_${number}`;
}

/** The name that a database of a run gets to be kept; no sweep takes it for one of a dead run. */
export function keptName(name: string): string {
  return name.replace(/^restoreproof_/, 'restoreproof_kept_');
}

const NAME_PATTERN = '^restoreproof_([0-9a-f]{16})_[0-9]{1,9}$';

/**
 * Which databases a dead run left. All of these must hold:
 * the name is one of ours; it belongs to our role, or we are superuser; no session holds its run's lock; and it is
 * marked, by the run's comment, or by having no comment and never having let anyone in: a run that died between CREATE
 * DATABASE and the comment leaves the latter, and such a database holds nothing but its template. (A connection limit
 * of -2 is a DROP DATABASE that was interrupted.)
 *
 * Advisory locks belong to one database, and runs may hold theirs in different ones, so that trying to take the lock
 * would prove nothing; `pg_locks` shows all of the server. A run takes its lock before it creates a database, and this
 * query sees the databases as of its start and the locks after that, so that it never sees a database without the lock.
 */
const LEFT_BEHIND = `
  SELECT datname AS name
    FROM (SELECT *, substring(datname::text FROM '${NAME_PATTERN}') AS run,
                 shobj_description(oid, 'pg_database') AS mark
            FROM pg_database) AS d
   WHERE run IS NOT NULL
     AND (pg_get_userbyid(datdba) = current_user
          OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))
     AND (mark = '${markOf('')}' || run
          OR starts_with(mark, '${markOf('')}' || run || ': ')
          OR (mark IS NULL AND NOT datallowconn AND datconnlimit IN (0, -2)))
     AND NOT EXISTS (
           SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objid = ${lockObject('run')} AND objsubid = 2)
   ORDER BY name`;

/**
 * Drops the databases of dead runs, and no others. One that cannot be dropped is left to the next sweep.
 *
 * @returns the names of those dropped here, not by another sweeper at the same time
 * @throws the driver's error where the connection is lost
 */
export async function sweepDeadRuns(connection: Connection, version: Version): Promise<string[]> {
  const { rows } = await connection.query<{ name: string }>(LEFT_BEHIND);
  const swept: string[] = [];
  for (const { name } of rows) {
    try {
      await dropDatabase(connection, name, version);
      swept.push(name);
    } catch (error) {
      if (sqlState(error) === undefined) throw error;
    }
  }
  return swept;
}

/**
 * Drops a database with everyone in it (manual, "DROP DATABASE", FORCE; before version 13 its sessions are terminated
 * first).
 *
 * @throws the driver's error, also where there is no such database (3D000)
 */
export async function dropDatabase(connection: Connection, name: string, version: Version): Promise<void> {
  if (version.major >= 13) {
    await connection.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
    return;
  }
  await connection.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  await connection.query(`DROP DATABASE ${escapeIdentifier(name)}`);
}

/** The server's code for an error, undefined where the error is not the server's. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}

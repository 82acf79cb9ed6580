import { escapeIdentifier, escapeLiteral } from 'pg';
import type { SubjectTraits } from '../case/subject-traits.ts';
import type { Connection, ConnectionSettings } from '../postgres/connection.ts';
import { auditChain } from './audit-chain.ts';
import { applyMigrations } from './migration-apply.ts';
import type { Migration } from './migration-files.ts';
import type { Subject } from './subject.ts';

/** Migrations that have been installed. */
export interface InstalledBy {
  readonly migrations: readonly Migration[];
  /** A database of the server that they were installed on first, and the role. */
  readonly settings: ConnectionSettings;
  /** Roles that they speak of and that were created for them. */
  readonly createdRoles: readonly string[];
}

/** The subject that migrations bring: the tables of the built-in one, and whatever else. */
export function migrationsSubject(by: InstalledBy, traits: SubjectTraits): Subject {
  return {
    ...auditChain,
    name: 'migrations',
    traits,
    refuses: undefined,
    install: (connection) => installAgain(by, connection),
    schemaSql: () => Promise.resolve(scriptOf(by)),
  };
}

/** On the server of the connection, which may be another one: the roles that were created for them are there as well then. */
async function installAgain(
  { migrations, settings, createdRoles }: InstalledBy,
  connection: Connection,
): Promise<void> {
  const { host, port, user = settings.user, database = settings.database } = connection;
  // Without a password the driver keeps a function that refuses.
  const password = typeof connection.password === 'string' ? connection.password : undefined;
  const { rows } = await connection.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
  const present = new Set(rows.map(({ rolname }) => rolname));
  for (const name of createdRoles)
    if (!present.has(name)) await connection.query(`CREATE ROLE ${escapeIdentifier(name)} NOLOGIN`);
  await applyMigrations({ migrations, settings: { ...settings, host, port, user, password, database } });
}

/** All files one after another for psql, and before them the roles that nobody creates. */
function scriptOf({ migrations, createdRoles }: InstalledBy): string {
  const roles = createdRoles.map(
    (name) => `SELECT format('CREATE ROLE %I NOLOGIN', ${escapeLiteral(name)})
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(name)}) \\gexec\n`,
  );
  const files = migrations.map(({ name, sql }) => `-- ${name}\n${sql.trimEnd().replace(/;?$/, ';')}\n`);
  return [...roles, ...files].join('\n');
}

import { escapeIdentifier } from 'pg';
import { firstLine, UsageError } from '../errors.ts';
import type { ConnectionSettings } from '../postgres/connection.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import { applyMigrations, enter } from './migration-apply.ts';
import { MigrationFailure } from './migration-failure.ts';
import type { Migration } from './migration-files.ts';

export interface MigrationsToInstall {
  readonly migrations: readonly Migration[];
  /** The whole server is ours and goes away with the run, so that roles may be created and dropped in it. */
  readonly throwaway: boolean;
  /** A new empty database. */
  freshDatabase(): Promise<OwnedDatabase>;
  readonly signal?: AbortSignal | undefined;
}

export interface InstalledMigrations {
  /** The caller's to dispose of. */
  readonly database: OwnedDatabase;
  /** Roles that migrations speak of and none creates; they stay until the server is gone. */
  readonly createdRoles: readonly string[];
}

/**
 * Applies migrations to a fresh database. On a throwaway server, roles that they need and nobody creates are created
 * (NOLOGIN), and the whole sequence starts over in another fresh database, because what files commit by themselves
 * cannot be repeated. Roles that migrations create belong to the server and would be in the way then: they are dropped.
 *
 * Roles being the server's, a sequence that creates some can be installed once on a server, and not by two callers
 * at a time: install it once, and copy the database (CREATE DATABASE … TEMPLATE).
 *
 * @throws UsageError where a migration fails, with its file, line and SQLSTATE
 * @throws NoVerdictError where the server gave way
 * @throws the signal's reason where it aborts
 */
export async function installMigrations(toInstall: MigrationsToInstall): Promise<InstalledMigrations> {
  const { migrations, throwaway, signal } = toInstall;
  // Reasons are read out of the server's messages, so they have to be in English; only a superuser may choose.
  const session = throwaway ? { lc_messages: 'C' } : {};
  const roles = new RoleLessons();
  for (;;) {
    signal?.throwIfAborted();
    const database = await toInstall.freshDatabase();
    try {
      await roles.arrange(database.settings);
      await applyMigrations({ migrations, settings: database.settings, session, signal });
      return { database, createdRoles: [...roles.missing] };
    } catch (error) {
      await database[Symbol.asyncDispose]();
      if (!(error instanceof MigrationFailure)) throw error;
      if (!throwaway || !roles.learn(error)) throw withRoleAdvice(error, throwaway);
    }
  }
}

/** Against migrations that draw role names at random, which could be started over for ever. */
const MOST_LESSONS = 100;

/** What failed attempts showed about roles. Each lesson is learnt once: a failure that repeats is final. */
class RoleLessons {
  /** Spoken of, and created by nobody. */
  readonly missing = new Set<string>();
  /** Created by the migrations themselves. */
  private readonly made = new Set<string>();
  private before: ReadonlySet<string> | undefined;

  /** True where another attempt may go better. */
  learn(failure: MigrationFailure): boolean {
    const [missing, existing] = [missingRole(failure), existingRole(failure)];
    const name = missing ?? existing;
    if (name === undefined || this.missing.has(name) || this.made.has(name)) return false;
    if (this.missing.size + this.made.size === MOST_LESSONS) return false;
    if (missing !== undefined) {
      // Names that begin with pg_ are PostgreSQL's own, nobody can create them.
      if (missing.startsWith('pg_')) return false;
      this.missing.add(missing);
      return true;
    }
    if (this.before?.has(name)) return false;
    this.made.add(name);
    return true;
  }

  /** Puts the server's roles as an attempt should find them. */
  async arrange(settings: ConnectionSettings): Promise<void> {
    await using connection = await enter(settings);
    const { rows } = await connection.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
    const present = new Set(rows.map(({ rolname }) => rolname));
    this.before ??= present;
    const leftOver = [...this.made].filter((name) => present.has(name)).map(escapeIdentifier);
    const absent = [...this.missing].filter((name) => !present.has(name)).map(escapeIdentifier);
    const sql = [
      // DROP OWNED takes back what was granted on the server as a whole (manual: DROP OWNED).
      ...(leftOver.length > 0 ? [`DROP OWNED BY ${leftOver.join()}`, `DROP ROLE ${leftOver.join()}`] : []),
      ...absent.map((name) => `CREATE ROLE ${name} NOLOGIN`),
    ];
    await connection.query(sql.join(';')).catch((error: unknown) => {
      throw new UsageError({
        what: `the roles that the migrations need cannot be prepared: ${[...leftOver, ...absent].join(', ')}`,
        why: firstLine(error),
        next: 'look for other databases of the server that use these roles',
        cause: error,
      });
    });
  }
}

/** undefined_object, or invalid_parameter_value of SET ROLE, whose check hook finds it (src/backend/commands/variable.c). */
function missingRole({ refused }: MigrationFailure): string | undefined {
  if (refused.code !== '42704' && refused.code !== '22023') return undefined;
  return /^role "(.+)" does not exist$/s.exec(refused.message)?.[1];
}

function existingRole({ refused }: MigrationFailure): string | undefined {
  if (refused.code !== '42710') return undefined;
  return /^role "(.+)" already exists$/s.exec(refused.message)?.[1];
}

function withRoleAdvice(failure: MigrationFailure, throwaway: boolean): MigrationFailure {
  const next = roleAdvice(failure, throwaway);
  if (next === undefined) return failure;
  return new MigrationFailure({ what: failure.message, why: failure.why, next }, failure.refused);
}

function roleAdvice(failure: MigrationFailure, throwaway: boolean): string | undefined {
  const missing = missingRole(failure);
  if (missing?.startsWith('pg_')) return `run against a newer PostgreSQL, which brings the role ${missing}`;
  if (missing !== undefined && !throwaway) {
    return `run as a superuser on that server: CREATE ROLE ${escapeIdentifier(missing)} NOLOGIN;`;
  }
  if (existingRole(failure) !== undefined) {
    return 'roles belong to the whole server and outlive databases: drop it there, or let the migration create it only where pg_roles does not have it';
  }
  return undefined;
}

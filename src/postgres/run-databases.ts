import { setTimeout as sleep } from 'node:timers/promises';
import { escapeIdentifier } from 'pg';
import { firstLine, NoVerdictError, RestoreproofError, UsageError } from '../errors.ts';
import { connect, type Connection, type ConnectionSettings } from './connection.ts';
import { createDatabaseSql, openDatabaseSql, type CreateDatabaseOptions } from './create-database.ts';
import type { Engine } from './engine.ts';
import { takeRunLock, type RunLock } from './run-lock.ts';
import { databaseName, dropDatabase, keptName, sqlState, sweepDeadRuns } from './run-sweep.ts';

/** A database of the run; dropped, with everyone in it, at the end of an `await using` block. */
export interface OwnedDatabase extends AsyncDisposable {
  readonly name: string;
  readonly settings: ConnectionSettings;
}

/**
 * The databases of one run. Disposal drops those still there, then lets go of the run's lock; it never throws, and
 * what could not be dropped is in `remaining` and left to the sweep of the next run.
 */
export interface Run extends AsyncDisposable {
  readonly id: string;
  /** The databases of dead runs that were dropped when this run began. */
  readonly swept: readonly string[];
  /** The databases that this run created and that are not dropped yet. */
  readonly remaining: readonly string[];
  /**
   * May be called by several lanes at once.
   * @throws UsageError where the role or the server's version does not allow it
   * @throws NoVerdictError where the server does not do it (its SQLSTATE is the `code` of `cause`), where the run has
   * lost its lock, or is disposed of
   */
  create(options?: CreateDatabaseOptions): Promise<OwnedDatabase>;
  /**
   * Takes over a database that somebody else makes by this name, before it is there.
   */
  adopt(name: string): OwnedDatabase;
  /**
   * Gives up a database of the run that nobody is connected to: under a new name, no run drops it.
   * @returns where it is now; undefined where there is none of that name any more
   * @throws NoVerdictError where the server does not rename it
   */
  keep(name: string): Promise<ConnectionSettings | undefined>;
}

/** SQLSTATE object_in_use: the template has sessions. The server itself waits 5 s for them before it says so. */
const OBJECT_IN_USE = '55006';
const DUPLICATE_DATABASE = '42P04';
const UNDEFINED_DATABASE = '3D000';
const INSUFFICIENT_PRIVILEGE = '42501';
const TEMPLATE_ATTEMPTS = 3;
const TEMPLATE_PAUSE_MILLISECONDS = 200;

/** Further than a run counts on its first server, and still within the nine digits that the sweep knows. */
const SECOND_SERVER = 500_000_000;

/**
 * Begins a run on a server: takes its lock, then drops what dead runs left.
 *
 * @param elsewhere the same run on another server, whose databases may come here under their names
 * @throws NoVerdictError where the server cannot be entered or asked
 */
export async function openRun(engine: Engine, elsewhere?: Run): Promise<Run> {
  const lock = await takeRunLock(engine, elsewhere?.id);
  try {
    const idle: Connection[] = [];
    const { swept, fsync } = await withConnection(
      engine,
      'sweep',
      async (connection) => ({
        swept: await sweepDeadRuns(connection, engine.serverVersion),
        fsync: (await connection.query<{ fsync: string }>('SHOW fsync')).rows[0]?.fsync !== 'off',
      }),
      idle,
    );
    return new OpenRun(engine, lock, { swept, fsync, idle, count: elsewhere ? SECOND_SERVER : 0 });
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

class OpenRun implements Run {
  readonly id: string;
  readonly swept: readonly string[];
  private readonly engine: Engine;
  private readonly lock: RunLock;
  private readonly fsync: boolean;
  private readonly created = new Set<string>();
  private readonly creating = new Set<Promise<unknown>>();
  /** Connections between two acts: opening one costs as much as dropping a database. */
  private readonly idle: Connection[];
  private count: number;
  private disposal: Promise<void> | undefined;

  constructor(
    engine: Engine,
    lock: RunLock,
    begun: {
      readonly swept: readonly string[];
      readonly fsync: boolean;
      readonly idle: Connection[];
      readonly count: number;
    },
  ) {
    this.engine = engine;
    this.lock = lock;
    this.id = lock.id;
    this.swept = begun.swept;
    this.fsync = begun.fsync;
    this.idle = begun.idle;
    this.count = begun.count;
  }

  get remaining(): readonly string[] {
    return [...this.created];
  }

  async create(options: CreateDatabaseOptions = {}): Promise<OwnedDatabase> {
    if (this.disposal) throw new NoVerdictError({ what: `run ${this.id} is over and creates no databases` });
    const name = databaseName(this.id, ++this.count);
    const creation = this.createNamed(name, options);
    this.creating.add(creation);
    try {
      await creation;
    } finally {
      this.creating.delete(creation);
    }
    return this.owned(name);
  }

  adopt(name: string): OwnedDatabase {
    this.created.add(name);
    return this.owned(name);
  }

  private owned(name: string): OwnedDatabase {
    return {
      name,
      settings: this.engine.connectionTo(name),
      [Symbol.asyncDispose]: () => this.drop([name]),
    };
  }

  async keep(name: string): Promise<ConnectionSettings | undefined> {
    const kept = keptName(name);
    const exists = await this.withConnection(`keep the database ${name}`, async (connection) => {
      const found = await connection.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (found.rowCount === 0) return false;
      await connection.query(`ALTER DATABASE ${escapeIdentifier(name)} RENAME TO ${escapeIdentifier(kept)}`);
      return true;
    });
    this.created.delete(name);
    return exists ? this.engine.connectionTo(kept) : undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposal ??= this.dispose();
    return this.disposal;
  }

  private async createNamed(name: string, options: CreateDatabaseOptions): Promise<void> {
    const { engine, fsync } = this;
    const sql = createDatabaseSql(name, options, { version: engine.serverVersion, fsync });
    await this.withConnection(`create the database ${name}`, async (connection) => {
      await this.lock.requireHeld(connection);
      this.created.add(name);
      try {
        await createPatiently(connection, sql);
        await connection.query(openDatabaseSql(name, this.id, options));
      } catch (error) {
        // A database that was there before is not ours to drop, however unlikely its name.
        if (sqlState(error) === DUPLICATE_DATABASE) this.created.delete(name);
        else await this.dropOver(connection, name);
        throw error;
      }
    });
  }

  private async dispose(): Promise<void> {
    await Promise.allSettled(this.creating);
    await this.drop(this.remaining);
    await this.closeIdle();
    await this.lock[Symbol.asyncDispose]();
  }

  /** Never throws: what stays is in `created`, tried again at the end of the run and by later runs. */
  private async drop(names: readonly string[]): Promise<void> {
    const left = names.filter((name) => this.created.has(name));
    if (left.length === 0) return;
    await this.withConnection('drop databases', async (connection) => {
      for (const name of left) await this.dropOver(connection, name);
    }).catch(() => undefined);
  }

  private async withConnection<T>(act: string, use: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      return await withConnection(this.engine, act, use, this.idle);
    } finally {
      // An act that ends after the disposal put its connection back where nobody closes it.
      if (this.disposal) await this.closeIdle();
    }
  }

  private async closeIdle(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((connection) => connection[Symbol.asyncDispose]()));
  }

  private async dropOver(connection: Connection, name: string): Promise<void> {
    try {
      await dropDatabase(connection, name, this.engine.serverVersion);
      this.created.delete(name);
    } catch (error) {
      if (sqlState(error) === UNDEFINED_DATABASE) this.created.delete(name);
    }
  }
}

async function createPatiently(connection: Connection, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await connection.query(sql);
      return;
    } catch (error) {
      if (sqlState(error) !== OBJECT_IN_USE || attempt >= TEMPLATE_ATTEMPTS) throw error;
      await sleep(TEMPLATE_PAUSE_MILLISECONDS);
    }
  }
}

/**
 * A connection to oneself for each act: lanes do not wait for one another, and one lost connection spoils one act only.
 * @param idle where the connection is taken from and put back, if the act went well
 */
async function withConnection<T>(
  engine: Engine,
  act: string,
  use: (connection: Connection) => Promise<T>,
  idle: Connection[] = [],
): Promise<T> {
  let connection = idle.pop();
  try {
    connection ??= await connect(engine.connectionTo(engine.maintenanceDatabase));
    const value = await use(connection);
    idle.push(connection);
    return value;
  } catch (error) {
    await connection?.[Symbol.asyncDispose]();
    if (error instanceof RestoreproofError) throw error;
    const parts = { what: `could not ${act}`, why: firstLine(error), cause: error };
    if (sqlState(error) === INSUFFICIENT_PRIVILEGE) {
      throw new UsageError({
        ...parts,
        next: 'give the role CREATEDB; superuser for the template of another owner, or for settings that need it',
      });
    }
    throw new NoVerdictError({ ...parts, next: 'look into the log of the server; the run can be repeated' });
  }
}

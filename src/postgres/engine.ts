import type { ClientTools } from './client-tools.ts';
import type { ConnectionSettings } from './connection.ts';
import type { Account } from './throwaway-directory.ts';
import type { Version } from './version.ts';

/** What `--engine` takes. */
export const ENGINES = ['auto', 'local', 'server', 'container'] as const;
export type EngineName = (typeof ENGINES)[number];

/** How a PostgreSQL server and its client tools are had. Disposing of it releases all it started. */
export interface Engine extends AsyncDisposable {
  readonly kind: 'local' | 'server' | 'container';
  /** One line for people, without password: `PostgreSQL 15.18 (throwaway server, /usr/lib/postgresql/15/bin)`. */
  readonly description: string;
  readonly serverVersion: Version;
  readonly tools: ClientTools;
  /** True where the whole server is ours and goes away with the run, so that roles may be created in it. */
  readonly throwaway: boolean;
  /** Settings for one database of this server. */
  connectionTo(database: string): ConnectionSettings;
  /** A new private directory of this machine that the tools can read and write, too. Dump files belong into one. */
  openDirectory(): Promise<{ readonly path: string } & AsyncDisposable>;
  /** The database to be in while creating and dropping others. */
  readonly maintenanceDatabase: string;
  /**
   * Starts another server of the same installation, with these settings of postgresql.conf. Absent where the server is
   * not ours to start.
   */
  another?: (settings: Readonly<Record<string, string>>, signal?: AbortSignal) => Promise<AnotherServer>;
  /**
   * Leaves a throwaway server running when the engine is disposed of, for somebody to look at its databases. Absent
   * where the server is not ours to end.
   */
  keep?(): Promise<KeptServer>;
}

/** A server for one trial, of which all there is may be dumped and restored. */
export interface AnotherServer extends Engine {
  /** An existing directory of this machine that its tools see, and that is the account's. Gone with the server. */
  readonly directory: string;
  /** The account of the server, as its tools see it; undefined where it is that of the tools. */
  readonly account: Account | undefined;
}

/** How people come to a server that stays, and end it. */
export interface KeptServer {
  /** Words that go before a client's, where it has to be started elsewhere. */
  readonly through?: string | undefined;
  /** As the client sees it. */
  readonly host: string;
  readonly port: number;
  /** A command for a shell. */
  readonly end: string;
}

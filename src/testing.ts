import { inject } from 'vitest';
import { randomBytes } from 'node:crypto';
import type { ClientTools } from './postgres/client-tools.ts';
import { localClientTools } from './postgres/local-tools.ts';
import { connect, type ConnectionSettings } from './postgres/connection.ts';
import type { Engine } from './postgres/engine.ts';
import { openThrowawayDirectory } from './postgres/throwaway-directory.ts';
import { parseVersion } from './postgres/version.ts';

/** The server that the whole test run shares; started by `test-server.ts`. */
interface TestServer {
  readonly settings: ConnectionSettings;
  readonly version: string;
  /** The programs of its installation. */
  readonly pgBin: string;
  readonly libraryPath?: string | undefined;
  /** The same with a quicker initdb (`test-installation.ts`): what tests find first in PATH. */
  readonly testBin: string;
  /** PATH without that, for tests that are about initdb or about what is installed. */
  readonly path: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    server: TestServer;
  }
}

/** A new empty database on the shared server, dropped at the end of the `await using` block. */
export async function testDatabase(
  createOptions = '',
): Promise<{ settings: ConnectionSettings } & AsyncDisposable> {
  const { settings } = inject('server');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const run = async (sql: string): Promise<void> => {
    await using connection = await connect(settings);
    await connection.query(sql);
  };
  await run(`CREATE DATABASE ${name} ${createOptions}`);
  return {
    settings: { ...settings, database: name },
    [Symbol.asyncDispose]: () => run(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** The client tools of the shared server's installation. */
export function testTools(): ClientTools {
  const { pgBin, version, libraryPath } = inject('server');
  const parsed = parseVersion(version);
  if (!parsed) throw new Error(`no version in ${version}`);
  return localClientTools(pgBin, parsed, libraryPath);
}

/** The shared server as somebody's own: nothing of ours may stay on it. */
export function testEngine(): Engine {
  const { settings } = inject('server');
  const tools = testTools();
  return {
    kind: 'server',
    description: 'test',
    serverVersion: tools.version,
    tools,
    throwaway: false,
    maintenanceDatabase: settings.database,
    openDirectory: openThrowawayDirectory,
    connectionTo: (database) => ({ ...settings, database }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

import { inject } from 'vitest';
import { randomBytes } from 'node:crypto';
import type { ClientTools } from './postgres/client-tools.ts';
import { localClientTools } from './postgres/local-tools.ts';
import { connect, type Connection, type ConnectionSettings } from './postgres/connection.ts';
import type { Engine } from './postgres/engine.ts';
import { openThrowawayDirectory } from './postgres/throwaway-directory.ts';
import { parseVersion } from './postgres/version.ts';
import type { Subject } from './subject/subject.ts';
import { subjectTemplate } from './test-subjects.ts';

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

/** Connections to the shared server's maintenance database, between two uses: each one costs as much as a database. */
const idle: Connection[] = [];

async function onServer(sql: string): Promise<void> {
  const connection = idle.pop() ?? (await connect(inject('server').settings));
  try {
    await connection.query(sql);
    idle.push(connection);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A new database on the shared server, dropped at the end of the `await using` block.
 * @param createOptions of CREATE DATABASE; without them it is an empty one
 */
export async function testDatabase(
  createOptions = '',
): Promise<{ settings: ConnectionSettings } & AsyncDisposable> {
  const { settings, version } = inject('server');
  const name = `t_${randomBytes(6).toString('hex')}`;
  // Where nothing is synced, copying files is several times quicker than writing them to the log.
  const strategy = (parseVersion(version)?.major ?? 0) >= 15 ? 'STRATEGY file_copy' : '';
  await onServer(`CREATE DATABASE ${name} ${createOptions} ${strategy}`);
  return {
    settings: { ...settings, database: name },
    [Symbol.asyncDispose]: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** A new database with a built-in subject and no events, dropped at the end of the `await using` block. */
export async function subjectDatabase(
  subject: Subject,
): Promise<{ settings: ConnectionSettings } & AsyncDisposable> {
  return await testDatabase(`TEMPLATE ${subjectTemplate(subject)}`);
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

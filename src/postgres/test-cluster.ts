import { execa } from 'execa';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { ConnectionSettings } from './connection.ts';

/** A small server of a test's own, for what the shared one cannot show: log-in, TCP, TLS, restarts. */
export interface TestCluster extends AsyncDisposable {
  readonly directory: string;
  /** The superuser, over the socket, without password. */
  readonly settings: ConnectionSettings;
  /** A free TCP port of 127.0.0.1, on which the server listens once it is started. */
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Lines of pg_hba.conf for TCP; the socket is always open to everyone. */
export async function testCluster(
  tcpRules: readonly string[],
  options: readonly string[] = [],
): Promise<TestCluster> {
  const { testBin } = inject('server');
  const directory = mkdtempSync(join(tmpdir(), 'restoreproof-cluster-'));
  const owner = process.getuid?.() === 0 ? await unprivileged() : undefined;
  if (owner) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const port = await freePort();
  const run = (program: string, argv: readonly string[]) =>
    execa(join(testBin, program), argv, { ...owner, cwd: directory, stdio: 'ignore' });
  await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']);
  writeFileSync(join(data, 'pg_hba.conf'), ['local all all trust', ...tcpRules, ''].join('\n'));
  const server = ['-F', `-k ${directory}`, '-c listen_addresses=127.0.0.1', `-p ${port}`, ...options].join(
    ' ',
  );
  const stop = async (): Promise<void> => {
    await run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']).catch(() => undefined);
  };
  return {
    directory,
    settings: { host: directory, port, user: 'postgres', database: 'postgres' },
    port,
    start: async () => {
      await run('pg_ctl', ['-D', data, '-l', join(directory, 'log'), '-o', server, '-w', 'start']);
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A TCP port of 127.0.0.1 that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** PostgreSQL refuses to run as root. */
async function unprivileged(): Promise<{ uid: number; gid: number }> {
  return { uid: await idOfPostgres('-u'), gid: await idOfPostgres('-g') };
}

async function idOfPostgres(flag: '-u' | '-g'): Promise<number> {
  return Number((await execa('id', [flag, 'postgres'])).stdout);
}

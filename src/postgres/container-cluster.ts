import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoVerdictError, UsageError } from '../errors.ts';
import type { ConnectionSettings } from './connection.ts';
import { CLUSTER_DIRECTORY, type Container, type RunningProgram } from './container.ts';
import {
  CLUSTER_DATABASE,
  CLUSTER_PORT,
  CLUSTER_SUPERUSER,
  initdbAttempts,
  refusesLocale,
  serverArguments,
  socketDirectories,
  tellingLine,
} from './throwaway-cluster.ts';
import type { Account } from './throwaway-directory.ts';
import { parseVersion, type Version } from './version.ts';

/** What an image has, as far as it matters here. */
export interface ImageContents {
  readonly version: Version;
  /** Where the programs are, inside. */
  readonly directory: string;
  /** Who owns the harness's files inside, as user and group: under a rootless engine root, otherwise as on this side. */
  readonly user: string;
  /** As whom the server runs. */
  readonly account: Account;
}

/** Prints what `lookInside` reads; `$1` is a file that both sides have to see. A volume belongs to root as it comes. */
const LOOK = `
stat -c 'owner %u:%g' "$1" || exit
chmod 1777 ${CLUSTER_DIRECTORY}
for program in initdb postgres pg_dump pg_restore psql; do
  command -v "$program" >/dev/null || echo "lacks $program"
done
id -u postgres >/dev/null 2>&1 || echo 'lacks a user postgres'
echo "account $(id -u postgres):$(id -g postgres)"
echo "directory $(dirname "$(command -v pg_dump)")"
echo "version $(pg_dump --version)"`;

/**
 * Looks at an image from within.
 * @throws UsageError where it cannot be used, or where the engine does not share directories with this machine
 */
export async function lookInside(container: Container, shared: string): Promise<ImageContents> {
  const probe = join(shared, 'probe');
  await writeFile(probe, '');
  const { exitCode, output } = await container.run(['sh', '-c', LOOK, 'sh', probe]);
  if (exitCode !== 0) {
    throw new UsageError({
      what: 'the container does not see directories of this machine',
      why: output.trim(),
      next: 'use an engine on this machine, and set TMPDIR to a directory that it shares with containers',
    });
  }
  const lacks = [...output.matchAll(/^lacks (.*)$/gm)].map(([, name]) => name);
  const version = parseVersion(/^version (.*)$/m.exec(output)?.[1] ?? '');
  if (lacks.length > 0 || !version) {
    throw new UsageError({
      what: `the image ${container.image} cannot be used`,
      why: lacks.length > 0 ? `it has no ${lacks.join(', no ')}` : 'its pg_dump tells no version',
      next: 'name an image of a PostgreSQL server, such as the official postgres:17-alpine',
    });
  }
  const [, uid, gid] = /^account (\d+):(\d+)$/m.exec(output) ?? [];
  return {
    version,
    directory: /^directory (.*)$/m.exec(output)?.[1] ?? '',
    user: /^owner (.*)$/m.exec(output)?.[1] ?? '0:0',
    account: { uid: Number(uid), gid: Number(gid) },
  };
}

/** @throws UsageError where the tools inside, as that user, cannot read what they are to read */
export async function requireReadable(
  container: Container,
  user: string,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const { exitCode } = await container.run(['test', '-r', path], user);
    if (exitCode === 0) continue;
    throw new UsageError({
      what: `${path} cannot be read in the container`,
      why: `the client tools run there as ${user}`,
      next: 'let its owner or everybody read it, or use an engine that runs as its owner',
    });
  }
}

/** How a server in a container is entered: by a socket that both sides see, or by a published port. */
export type Way = 'socket' | 'tcp';

export interface StartClusterOptions {
  readonly container: Container;
  readonly image: ImageContents;
  readonly shared: string;
  readonly way: Way;
  /** Settings by their names in postgresql.conf; they win over our own. */
  readonly serverOptions?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where a client inside finds the server, however it is entered from here. */
export const SOCKET_INSIDE = '/tmp';

const DATA = `${CLUSTER_DIRECTORY}/data`;
const START_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 5;

/**
 * Makes a cluster in the container and starts a server on it, as the image's user `postgres`. Over a socket the
 * superuser has no password, since nobody else comes to the directory; over TCP it has one.
 *
 * @returns how to enter it; it takes connections
 * @throws NoVerdictError where initdb or the server fails
 */
export async function startCluster(options: StartClusterOptions): Promise<ConnectionSettings> {
  const { container, shared, way } = options;
  const password = way === 'tcp' ? randomBytes(16).toString('hex') : undefined;
  await initialize(options, password);
  const socket = join(shared, 'socket');
  const sockets = way === 'socket' ? [socket, SOCKET_INSIDE] : [SOCKET_INSIDE];
  if (way === 'socket') {
    await mkdir(socket);
    // For whichever number the image's user has; what is above keeps everybody else out.
    await chmod(socket, 0o777);
  }
  const settings = {
    unix_socket_directories: sockets.map(socketDirectories).join(),
    ...(way === 'tcp' ? { listen_addresses: '*' } : {}),
    ...options.serverOptions,
  };
  const argv = ['env', 'LC_ALL=C', 'postgres', ...serverArguments(DATA, settings)];
  await untilReady(await container.start(argv, 'postgres'), options);
  const shown = { user: CLUSTER_SUPERUSER, database: CLUSTER_DATABASE };
  if (way === 'socket') return { ...shown, host: socket, port: CLUSTER_PORT };
  return {
    ...shown,
    password,
    host: '127.0.0.1',
    port: container.publishedPort(),
    // The tools are on the other side.
    libpq: { PGHOST: await container.address(), PGPORT: String(CLUSTER_PORT) },
  };
}

/** The method is told by the stored password: md5 until 13, SCRAM since (manual, "Password Authentication"). */
const HOSTS = 'local all all trust\nhost all all all md5\n';

async function initialize(
  { container, image, shared }: StartClusterOptions,
  password?: string,
): Promise<void> {
  const secret = join(shared, 'secret');
  if (password !== undefined) await writeFile(secret, password, { mode: 0o644 });
  const more = password === undefined ? [] : [`--pwfile=${secret}`];
  let output = '';
  for (const argv of initdbAttempts(DATA, image.version)) {
    const command = ['env', 'LC_ALL=C', 'TZ=UTC', 'initdb', ...argv, ...more];
    const run = await container.run(command, 'postgres');
    if (run.exitCode === 0) {
      if (password !== undefined)
        await container.run(['sh', '-c', `printf '${HOSTS}' >${DATA}/pg_hba.conf`], 'postgres');
      return;
    }
    ({ output } = run);
    if (!refusesLocale(output)) break;
  }
  throw failure('initdb could not make a cluster in the container', output);
}

async function untilReady(server: RunningProgram, { signal }: StartClusterOptions): Promise<void> {
  let output = '';
  let ended = false;
  server.onOutput((text) => (output += text));
  void server.ended.then(() => (ended = true));
  for (const until = Date.now() + START_MILLISECONDS; Date.now() < until; await sleep(POLL_MILLISECONDS)) {
    signal?.throwIfAborted();
    if (output.includes('ready to accept connections')) return;
    if (ended) throw failure('the server in the container ended while starting', output);
  }
  throw failure(`the server in the container was not ready within ${START_MILLISECONDS / 1000} s`, output);
}

function failure(what: string, output: string): NoVerdictError {
  return new NoVerdictError({
    what,
    why: tellingLine(output),
    next: 'look at free memory and disk space of the Docker engine',
  });
}

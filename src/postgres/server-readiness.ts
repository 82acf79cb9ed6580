import { setTimeout as sleep } from 'node:timers/promises';
import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import { connect, type Connection, type ConnectionSettings } from './connection.ts';
import { refusal } from './server-refusals.ts';
import { probeServer, Silence } from './server-probe.ts';
import { driverTls, isSslMode } from './tls-settings.ts';

export interface ReadinessOptions {
  readonly settings: ConnectionSettings;
  /** How long to wait for the server to take connections. */
  readonly readinessMilliseconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Told once, in a line for people, that there is something to wait for. */
  readonly say?: ((line: string) => void) | undefined;
}

/** An open connection, and the settings that led to it, in which TLS is settled. */
export interface ReadyServer {
  readonly connection: Connection;
  readonly settings: ConnectionSettings;
}

const PAUSE_MILLISECONDS = 250;
const PROBE_MILLISECONDS = 10_000;

/**
 * What passes by itself while a server, its network or its container comes up. 57P03 is cannot_connect_now, 57P01 and
 * 57P02 a server that is shut down or has crashed, 53300 too_many_connections (manual, "PostgreSQL Error Codes").
 */
const PASSING: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/**
 * Waits until the server takes a connection, and settles by trying what `sslmode=prefer` and `allow` leave open.
 *
 * @throws UsageError where nothing answers in time, and at once where the server refuses this user, password,
 * database or TLS mode
 * @throws NoVerdictError where the server answers and does not get ready in time, or is no PostgreSQL server
 * @throws the signal's reason
 */
export async function untilReady(options: ReadinessOptions): Promise<ReadyServer> {
  const { settings, signal } = options;
  const deadline = performance.now() + options.readinessMilliseconds;
  let told = false;
  for (;;) {
    try {
      return await enter(settings, Math.max(1, deadline - performance.now()), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error)) throw refusal(error, settings);
      if (performance.now() + PAUSE_MILLISECONDS >= deadline) throw notReady(options, error);
      if (!told) options.say?.(`waiting for ${placeOf(settings)}: ${reasonOf(error)}`);
      told = true;
      await sleep(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

/** `host:port`, with the brackets of an IPv6 address; for people. */
export function placeOf({ host, port }: ConnectionSettings): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

async function enter(
  settings: ConnectionSettings,
  leftMilliseconds: number,
  signal: AbortSignal | undefined,
): Promise<ReadyServer> {
  const timeoutMilliseconds = Math.min(PROBE_MILLISECONDS, leftMilliseconds);
  const offer = await probeServer({ host: settings.host, port: settings.port, timeoutMilliseconds, signal });
  const [first, second] = tlsAttempts(settings, offer.tls);
  const settled = { ...settings, ssl: first };
  try {
    return { connection: await connect(settled), settings: settled };
  } catch (error) {
    // pg_hba.conf may admit this user with TLS only, or without only; libpq tries both then.
    if (second === undefined || codeOf(error) !== '28000') throw error;
    const other = { ...settings, ssl: second };
    return { connection: await connect(other), settings: other };
  }
}

/** The ways to try, in libpq's order (manual, libpq, "SSL Mode Descriptions"). */
function tlsAttempts(
  settings: ConnectionSettings,
  offered: boolean,
): readonly [ConnectionSettings['ssl'], ConnectionSettings['ssl']?] {
  const mode = settings.libpq?.['PGSSLMODE'];
  if (settings.ssl !== undefined) {
    if (settings.ssl === false || offered) return [settings.ssl];
    throw new UsageError({
      what: `the server at ${placeOf(settings)} offers no TLS`,
      ...(mode === undefined ? {} : { why: `sslmode=${mode} does without it in no case` }),
      next: 'turn ssl on in the server, or use sslmode=prefer or sslmode=disable',
    });
  }
  if (!offered || mode === undefined || !isSslMode(mode)) return [false];
  const tls = driverTls(mode, settings.libpq ?? {});
  return mode === 'allow' ? [false, tls] : [tls, false];
}

function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return PASSING.has(code);
  return wasLost(error);
}

/** The driver's own words for a connection that ended or took too long while it was being made. */
function wasLost(error: unknown): boolean {
  return error instanceof Error && /^(?:Connection terminated|timeout expired)/.test(error.message);
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** An error of several addresses (localhost is two) has no message, only a code. */
function reasonOf(error: unknown): string {
  return firstLine(error) || (codeOf(error) ?? 'unknown reason');
}

function notReady({ settings, readinessMilliseconds }: ReadinessOptions, error: unknown): Error {
  const parts = { why: reasonOf(error), cause: error };
  const seconds = readinessMilliseconds / 1000;
  // A SQLSTATE, five characters, comes from a server that is there.
  if (/^\d\w{4}$/.test(codeOf(error) ?? '')) {
    return new NoVerdictError({
      ...parts,
      what: `the PostgreSQL server at ${placeOf(settings)} took no connection within ${seconds} s`,
      next: 'look into the log of the server',
    });
  }
  if (error instanceof Silence || wasLost(error)) {
    return new NoVerdictError({
      ...parts,
      what: `what listens at ${placeOf(settings)} did not answer as a PostgreSQL server within ${seconds} s`,
      next: 'look whether the server hangs, and into its log; or correct the host and port',
    });
  }
  return new UsageError({
    ...parts,
    what: `no PostgreSQL server answered at ${placeOf(settings)} within ${seconds} s`,
    next: /ENOTFOUND|EAI_AGAIN/.test(parts.why ?? '')
      ? 'correct the host name: it does not resolve'
      : 'start the server, or correct the host and port; listen_addresses and the firewall must let us in',
  });
}

import { connect as connectSocket, type Socket } from 'node:net';
import { firstLine, NoVerdictError } from '../errors.ts';

/** What a PostgreSQL server says before any log-in. */
export interface ProbeAnswer {
  /** Whether it offers TLS on this address. */
  readonly tls: boolean;
}

export interface ProbeOptions {
  /** A host name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly timeoutMilliseconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** SSLRequest: length 8, code 80877103 (manual, Frontend/Backend Protocol, "Message Formats"). */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

/**
 * Asks what listens at an address whether it offers TLS, which every PostgreSQL server (also one that is starting
 * up) answers with the single byte `S` or `N`, and nothing else does.
 *
 * @throws NoVerdictError where something other than PostgreSQL answers
 * @throws the system error of the connection, or one with code ETIMEDOUT or ECONNRESET where nothing is answered
 * @throws the signal's reason
 */
export async function probeServer(options: ProbeOptions): Promise<ProbeAnswer> {
  options.signal?.throwIfAborted();
  const { host, port } = options;
  const socket = host.startsWith('/')
    ? connectSocket({ path: `${host}/.s.PGSQL.${port}` })
    : connectSocket({ host, port });
  const abort = (): void => void socket.destroy();
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    const answer = await firstBytes(socket, options.timeoutMilliseconds);
    if (answer.length === 1 && (answer[0] === 0x53 || answer[0] === 0x4e)) return { tls: answer[0] === 0x53 };
    throw notPostgres(options, answer);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
    socket.destroy();
  }
}

function firstBytes(socket: Socket, timeoutMilliseconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () =>
        reject(socket.connecting ? systemError('ETIMEDOUT', 'no answer') : new Silence('it says nothing')),
      timeoutMilliseconds,
    );
    const settle = (act: () => void): void => {
      clearTimeout(late);
      act();
    };
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (bytes) => settle(() => resolve(bytes)));
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('close', () =>
      settle(() => reject(new Silence('it closes the connection without an answer'))),
    );
  });
}

/** Something listens, and neither says that it is a server nor that it is none: one that hangs, or comes up. */
export class Silence extends Error {
  readonly code = 'ETIMEDOUT';
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function notPostgres({ host, port }: ProbeOptions, answer: Buffer): NoVerdictError {
  const shown = JSON.stringify(firstLine(answer.subarray(0, 60).toString('latin1')).trimEnd());
  return new NoVerdictError({
    what: `what answers at ${host.includes(':') ? `[${host}]` : host}:${port} is not a PostgreSQL server`,
    why: `its first bytes are ${shown}`,
    next: 'correct the host and port of the server',
  });
}

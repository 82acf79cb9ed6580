import { once } from 'node:events';

/**
 * The value of some work, or the signal's reason as soon as it comes. Work that is left behind may fail as it likes:
 * what it stands on is taken away from under it.
 */
export async function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  const over = new AbortController();
  const interrupted = once(signal, 'abort', { signal: over.signal }).then(() => signal.throwIfAborted());
  interrupted.catch(() => undefined);
  try {
    await Promise.race([work, interrupted]);
    return await work;
  } finally {
    over.abort();
  }
}

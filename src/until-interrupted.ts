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

/** How long some work may take, and what is thrown where it takes longer. */
export interface TimeLimit {
  /** Absent: as long as it likes. */
  readonly milliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly late: () => Error;
}

/**
 * The value of some work, or the error of its time limit, or the signal's reason; the work is handed a signal that
 * comes with the first of these.
 */
export async function withinTime<T>(
  { milliseconds, signal, late }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = milliseconds === undefined ? undefined : setTimeout(() => limit.abort(late()), milliseconds);
  const either = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  try {
    either.throwIfAborted();
    return await untilInterrupted(work(either), either);
  } finally {
    clearTimeout(timer);
  }
}

import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** What lives long cannot use the young generation, which V8 counts into its limit: three semi-spaces of 16 MB. */
const YOUNG_BYTES = 48 * 1024 ** 2;
const MOST = 0.85;

/** Bytes of long-lived values with which the heap is nearly used up. */
function nearlyAll(): number {
  return MOST * (getHeapStatistics().heap_size_limit - YOUNG_BYTES);
}

/**
 * Tells once that the heap is nearly used up, while there is still some of it to end with: a process whose heap is full
 * is ended by V8 at once, with exit code 134 and nothing taken down.
 */
export function watchHeap(tell: (what: string) => void, most = nearlyAll()): Disposable {
  const observer = new PerformanceObserver((list) => {
    if (!list.getEntries().some(isMajor)) return;
    const { used_heap_size: used } = getHeapStatistics();
    if (used < most) return;
    observer.disconnect();
    const megabytes = Math.round(used / 1024 ** 2);
    tell(`memory is nearly used up (${megabytes} MB; NODE_OPTIONS=--max-old-space-size=MB gives more)`);
  });
  observer.observe({ entryTypes: ['gc'] });
  return { [Symbol.dispose]: () => observer.disconnect() };
}

/** Of the whole heap, after which what is still used is in use. */
function isMajor(entry: object): boolean {
  const detail: unknown = 'detail' in entry ? entry.detail : undefined;
  const major = constants.NODE_PERFORMANCE_GC_MAJOR;
  return typeof detail === 'object' && detail !== null && 'kind' in detail && detail.kind === major;
}

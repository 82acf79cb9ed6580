import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { watchHeap } from './heap-watch.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('a heap with room says nothing, one without says so once', async () => {
  const [roomy, full] = [vi.fn(), vi.fn()];
  const watches = [watchHeap(roomy), watchHeap(full, 1024)];
  for (let turn = 0; turn < 2; turn++) {
    collect();
    await sleep(20);
  }
  await expect.poll(() => full.mock.calls.length).toBe(1);
  expect(full.mock.calls[0]?.[0]).toMatch(/^memory is nearly used up \(\d+ MB; NODE_OPTIONS=/);
  expect(roomy).not.toHaveBeenCalled();
  for (const watch of watches) watch[Symbol.dispose]();
});

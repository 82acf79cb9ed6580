import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Interruption } from '../case/case.ts';
import { withInterruption } from '../case/draw-interruption.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine } from '../postgres/open-engine.ts';
import { judgeInterruption } from './judge-interruption.ts';
import { Lane } from './lane.ts';
import type { Judgement } from './property.ts';
import { withGround } from './with-ground.ts';

let engine: Engine;

beforeAll(async () => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  engine = await openEngine({ engine: 'local', download: true, say });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

async function judge(interruption: Interruption, on: Engine = engine): Promise<Judgement> {
  const trial = withInterruption(smokeCase(24), interruption);
  return await withGround(on, {}, (ground) => judgeInterruption(trial, new Lane(ground, 'interruption')));
}

test.each<[Interruption['kind'], Interruption['during'], number]>([
  ['tool-killed', 'dump', 0.3],
  ['connection-terminated', 'restore', 0],
  ['server-stopped', 'restore', 0],
  ['disk-full', 'dump', 0.5],
  ['disk-full', 'restore', 0.5],
])('%s during the %s: refused, and faithful when it is done again', async (kind, during, at) => {
  const judged = await judge({ kind, during, at });
  expect(judged.finding).toBeUndefined();
  expect(judged.tallies).toEqual([
    {
      of: 'interrupted tools',
      row: `${kind}, during the ${during}`,
      outcome: 'refused, and the same bytes when done again',
      details: [],
    },
  ]);
});

// Of a custom archive that lacks no more than its last 4 kB, pg_dump says nothing: see docs/findings.md.
test('disk-full at the end of a dump: the restore refuses what pg_dump did not', async () => {
  const { finding, tallies, verdict } = await judge({ kind: 'disk-full', during: 'dump', at: 0.9 });
  expect(finding).toBeUndefined();
  expect(verdict).toBe('refused');
  expect(tallies?.[0]?.outcome).toBe('not told by pg_dump, and its archive refused');
});

test('a tool that is killed and says that all went well is found out', async () => {
  const { tools } = engine;
  // As a pipeline in a shell does, of which the last part decides.
  const silent: Engine = {
    ...engine,
    tools: {
      ...tools,
      run: async (...given) => ({ ...(await tools.run(...given)), exitCode: 0, signal: undefined }),
    },
  };
  const { finding } = await judge({ kind: 'tool-killed', during: 'restore', at: 0 }, silent);
  expect(finding?.summary).toBe('what was interrupted without a word is not faithful: lossy');
});

import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FuzzRun, openEngine, withGround, type LaneGround, type Property } from '../src/index.ts';
import { PROPERTIES } from './all.ts';

/** Pinned, so that every run of the suite tries the same cases. */
const SEED = 20_260_105;

let ground: LaneGround;
let end: () => void = () => undefined;
let closing: Promise<unknown>;

beforeAll(async () => {
  ground = await new Promise((opened, failed) => {
    closing = onGround(async (lent) => {
      const ended = new Promise<void>((resolve) => (end = resolve));
      opened(lent);
      await ended;
    });
    closing.catch(failed);
  });
});

afterAll(async () => {
  end();
  await closing;
});

async function onGround(work: (ground: LaneGround) => Promise<void>): Promise<void> {
  await using engine = await openEngine({
    engine: 'local',
    download: true,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  await withGround(engine, {}, work);
}

/** Runs one property's quick cases and gives what was not as predicted, in words. */
async function surprisesOf(property: Property): Promise<string[]> {
  const run = new FuzzRun(
    {
      seed: SEED,
      indices: Array.from({ length: property.quickCases }, (_, index) => index),
      lanes: 2,
      properties: [property],
      corpus: [],
      shrinkMilliseconds: 0,
      counterexamples: `${ground.directory}/counterexamples`,
      classify: () => [],
    },
    ground,
  );
  const { outcomes, findings } = await run.run();
  expect(outcomes).toHaveLength(property.quickCases);
  return [
    ...findings.map(({ origin, finding }) => `${JSON.stringify(origin)}: ${finding.summary}`),
    ...outcomes.flatMap(({ verdict, why }) => (verdict === 'no-verdict' ? [`no verdict: ${why}`] : [])),
  ];
}

describe('every promise holds', () => {
  test.each(PROPERTIES.map((property) => [property.promise, property] as const))(
    '%s',
    async (_, property) => {
      expect(await surprisesOf(property)).toEqual([]);
    },
  );
});

test('every property is in a file of its name, and every such file is run', () => {
  const directory = dirname(fileURLToPath(import.meta.url));
  const files = readdirSync(directory).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'all.ts',
  );
  expect(files.toSorted()).toEqual(PROPERTIES.map(({ name }) => `${name}.ts`).toSorted());
});

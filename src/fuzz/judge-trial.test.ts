import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCaseFile } from '../case/case-file.ts';
import type { Case } from '../case/case.ts';
import { packageRoot } from '../package-root.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine } from '../postgres/open-engine.ts';
import { judgeByPrediction } from './judge-trial.ts';
import { Lane } from './lane.ts';
import { withGround } from './with-ground.ts';

let engine: Engine;

beforeAll(async () => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  engine = await openEngine({ engine: 'local', download: true, say });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

/** The surprise in a hazard's own case, with something done on purpose on top of it. */
async function surprise(hazard: string, sql?: string): Promise<string | undefined> {
  const { trial } = await readCaseFile(`${packageRoot}properties/corpus/${hazard}.json`);
  const disturbed: Case = sql === undefined ? trial : { ...trial, disturbance: { sql } };
  return await withGround(engine, {}, async (ground) => {
    const { finding } = await judgeByPrediction(disturbed, new Lane(ground, 'judge'));
    return finding?.summary;
  });
}

test('a hazard that applies explains what the registry says, and nothing more', async () => {
  expect(await surprise('hash-over-server-encoding')).toBeUndefined();
  expect(
    await surprise('hash-over-server-encoding', 'DROP TRIGGER audit_events_worm_trigger ON audit_events'),
  ).toBe('the hazard hash-over-server-encoding does not explain that schema fails');
  expect(await surprise('json-keys-in-another-order', 'TRUNCATE audit_events')).toContain(
    'the disturbance shows',
  );
});

test('damage done on purpose does not pass for a hazard that would look like it', async () => {
  expect(await surprise('psql-goes-on')).toBeUndefined();
  expect(await surprise('psql-goes-on', 'DROP TABLE IF EXISTS audit_chain_head CASCADE')).toContain(
    'the disturbance shows',
  );
});

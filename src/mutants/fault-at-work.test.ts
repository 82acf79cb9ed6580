import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { connect } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { FaultAtWork } from './fault-at-work.ts';

/** Whether SQL is told to have struck a table of one row. */
async function struck(sql: string): Promise<boolean | undefined> {
  await using database = await testDatabase();
  await using connection = await connect(database.settings);
  await connection.query('CREATE TABLE one (n integer); INSERT INTO one VALUES (1)');
  const fault = await FaultAtWork.of({ ...smokeCase(1), disturbance: { sql } });
  await fault.spoilRestored(() => connect(database.settings));
  return fault.struck;
}

test('SQL has struck where it changed a row, or is about no rows and went through', async () => {
  expect(await struck('UPDATE one SET n = 2')).toBe(true);
  expect(await struck('ALTER TABLE one ADD m integer; UPDATE one SET n = 2 WHERE n > 5')).toBe(false);
  expect(await struck('ALTER TABLE one ADD m integer')).toBe(true);
  expect(await struck('DELETE FROM one WHERE n = 5; DELETE FROM one')).toBe(true);
});

test('an honest case is neither struck nor missed', async () => {
  const trial: Case = smokeCase(1);
  const fault = await FaultAtWork.of(trial);
  expect(fault.carriedOut(trial)).toBe(trial);
  expect(fault.struck).toBeUndefined();
});

test('a mutant that nobody knows is a usage error', async () => {
  const mutant = randomUUID();
  await expect(FaultAtWork.of({ ...smokeCase(1), disturbance: { mutant } })).rejects.toThrow(
    `there is no mutant ${mutant}`,
  );
});

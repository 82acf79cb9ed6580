import { expect, inject, test } from 'vitest';
import type { RestorePlan, Target } from '../case/case.ts';
import { NoVerdictError, UsageError } from '../errors.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { OwnedDatabase } from '../postgres/run-databases.ts';
import { testDatabase } from '../testing.ts';
import { openTarget, type TargetPlace } from './open-target.ts';

const WIPED: Target = { kind: 'wiped' };

function planned(target: Target, restore: Partial<RestorePlan> = {}) {
  return { target, restore: { tool: 'pg_restore' as const, ...restore } };
}

function placeOf(database: ConnectionSettings, change: Partial<TargetPlace> = {}): TargetPlace {
  const maintenance = inject('server').settings;
  return { database, maintenance, createTarget: notAsked, subject: { install: notAsked }, ...change };
}

function notAsked(): never {
  throw new Error('not asked for');
}

async function recreate({ database }: ConnectionSettings): Promise<void> {
  await using connection = await connect(inject('server').settings);
  await connection.query(`DROP DATABASE IF EXISTS ${database}`);
  await connection.query(`CREATE DATABASE ${database}`);
}

test('a database that the restore is to make is dropped, and its return is asked for', async () => {
  await using database = await testDatabase();
  await using target = await openTarget(planned(WIPED, { create: true }), placeOf(database.settings));
  await expect(connect(database.settings)).rejects.toMatchObject({ code: '3D000' });
  await expect(target.proveRestored()).rejects.toThrow(NoVerdictError);
  await recreate(database.settings);
  await target.proveRestored();
});

test('a database that the restore is to drop stays, and a restore that left it there is found out', async () => {
  await using database = await testDatabase();
  const plan = planned(WIPED, { create: true, clean: true });
  await using target = await openTarget(plan, placeOf(database.settings));
  await expect(target.proveRestored()).rejects.toMatchObject({
    why: 'it is still the database that was dumped',
  });
  await recreate(database.settings);
  await target.proveRestored();
});

test('a fresh target cannot be made by the restore', async () => {
  const plan = planned({ kind: 'fresh' }, { create: true });
  await expect(openTarget(plan, placeOf(inject('server').settings))).rejects.toThrow(UsageError);
});

test('a target that cannot be prepared is dropped', async () => {
  let dropped = 0;
  await using database = await testDatabase();
  const owned: OwnedDatabase = {
    name: database.settings.database,
    settings: database.settings,
    [Symbol.asyncDispose]: async () => void dropped++,
  };
  const place = placeOf(database.settings, {
    createTarget: () => Promise.resolve(owned),
    subject: { install: async (connection) => void (await connection.query('no SQL')) },
  });
  const plan = planned({ kind: 'fresh', prepared: true });
  await expect(openTarget(plan, place)).rejects.toThrow('the subject could not be installed into the target');
  expect(dropped).toBe(1);
});

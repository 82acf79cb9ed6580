import { expect, test } from 'vitest';
import { connect } from '../postgres/connection.ts';
import { testDatabase } from '../testing.ts';
import { readHabits, secondPlan } from './second-plan.ts';

const HABITS = { encoding: 'UTF8', settings: { TimeZone: 'UTC', bytea_output: 'hex' } };

test('encoding and settings of the source come first, so that those of the plan count', () => {
  const environment = { PGTZ: 'Asia/Tokyo', PGOPTIONS: '-c timezone=Asia/Kolkata' };
  expect(secondPlan({ format: 'tar', environment, options: ['--encoding=LATIN1'] }, HABITS)).toEqual({
    format: 'tar',
    environment: {
      PGTZ: 'Asia/Tokyo',
      PGOPTIONS: '-c TimeZone=UTC -c bytea_output=hex -c timezone=Asia/Kolkata',
    },
    options: ['--encoding=UTF8', '--encoding=LATIN1'],
  });
});

test('an encoding that the environment names is not overruled', () => {
  const plan = secondPlan({ format: 'custom', environment: { PGCLIENTENCODING: 'LATIN1' } }, HABITS);
  expect(plan.options).toEqual([]);
});

test('blanks and backslashes of a value reach the server', () => {
  const plan = secondPlan({ format: 'custom' }, { encoding: 'UTF8', settings: { a: String.raw`b \c` } });
  expect(plan.environment).toEqual({ PGOPTIONS: String.raw`-c a=b\ \\c` });
});

test('the habits are those of the database, not those of the session that asks', async () => {
  await using database = await testDatabase();
  {
    await using connection = await connect(database.settings);
    await connection.query(`ALTER DATABASE ${database.settings.database} SET TimeZone = 'Asia/Kolkata'`);
  }
  await using connection = await connect(database.settings);
  const { encoding, settings } = await readHabits(connection);
  expect(encoding).toBe('UTF8');
  expect(settings).toMatchObject({ TimeZone: 'Asia/Kolkata', standard_conforming_strings: 'on' });
});

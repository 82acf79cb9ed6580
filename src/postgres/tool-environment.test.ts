import { expect, test } from 'vitest';
import { toolEnvironment } from './tool-environment.ts';

const SETTINGS = { host: '/socket', port: 5432, user: 'me', database: 'db' };
const LIBPQ = { PGHOST: '/socket', PGPORT: '5432', PGUSER: 'me', PGDATABASE: 'db' };

test('a plan’s variables come to the connection’s', () => {
  expect(toolEnvironment(SETTINGS)).toEqual(LIBPQ);
  expect(toolEnvironment(SETTINGS, { PGTZ: 'UTC', LC_ALL: 'C' })).toEqual({
    ...LIBPQ,
    PGTZ: 'UTC',
    LC_ALL: 'C',
  });
});

test('of options for the server both are kept, the plan’s last', () => {
  const settings = { ...SETTINGS, libpq: { PGOPTIONS: '-c role=r', PGSSLMODE: 'disable' } };
  expect(toolEnvironment(settings, { PGOPTIONS: '-c datestyle=German' })).toEqual({
    ...LIBPQ,
    PGSSLMODE: 'disable',
    PGOPTIONS: '-c role=r -c datestyle=German',
  });
});

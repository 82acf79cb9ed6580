import { afterEach, expect, inject, test, vi } from 'vitest';
import { connect } from './connection.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const QUESTION = `SELECT current_setting('application_name') AS name, current_setting('work_mem') AS memory,
                         current_setting('idle_in_transaction_session_timeout') AS idle`;

test('no variable of our own environment gets into a session', async () => {
  const { settings } = inject('server');
  vi.stubEnv('PGOPTIONS', '-c work_mem=1MB');
  vi.stubEnv('PGAPPNAME', 'stranger');
  vi.stubEnv('PGSSLMODE', 'require');
  vi.stubEnv('PGSSLNEGOTIATION', 'direct');
  vi.stubEnv('PGPASSWORD', 'stranger');
  await using connection = await connect(settings);
  const { rows } = await connection.query(QUESTION);
  expect(rows).toMatchObject([{ name: 'restoreproof', idle: '0' }]);
  expect(rows).not.toMatchObject([{ memory: '1MB' }]);
});

test('libpq settings that the driver can follow are followed', async () => {
  const { settings } = inject('server');
  const libpq = { PGOPTIONS: '-c work_mem=2MB', PGAPPNAME: 'given', PGCONNECT_TIMEOUT: '7' };
  await using connection = await connect({ ...settings, libpq }, { lock_timeout: '5s' });
  expect((await connection.query(QUESTION)).rows).toMatchObject([{ name: 'given', memory: '2MB' }]);
  expect((await connection.query('SHOW lock_timeout')).rows).toStrictEqual([{ lock_timeout: '5s' }]);
});

test('a server that does not know a time zone is told from one that lets nobody in, and the connection is closed', async () => {
  const { settings } = inject('server');
  const application = { PGAPPNAME: 'without zones' };
  const entering = connect({ ...settings, libpq: application }, { TimeZone: 'No/Such' });
  await expect(entering).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('has no time zone data'),
    why: expect.stringContaining('invalid value for parameter "TimeZone"'),
    next: expect.stringContaining('tzdata'),
  });
  await using connection = await connect(settings);
  const { rows } = await connection.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'without zones' AND state IS NOT NULL`,
  );
  expect(rows).toEqual([]);
});

test('a server that does not answer is given up, and one that has nothing to answer is not', async () => {
  const { settings } = inject('server');
  const silenceMilliseconds = 200;
  await using patient = await connect({ ...settings, silenceMilliseconds });
  await patient.query('SELECT 1');
  await using hasty = await connect({ ...settings, silenceMilliseconds });
  await expect(hasty.query('SELECT pg_sleep(20)')).rejects.toMatchObject({
    code: 'ETIMEDOUT',
    message: 'the server did not answer within 0.2 s',
  });
  expect((await patient.query('SELECT 7 AS still')).rows).toEqual([{ still: 7 }]);
});

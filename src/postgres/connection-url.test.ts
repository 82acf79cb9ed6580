import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseConnectionUrl, redactUrl, settingsFromEnvironment } from './connection-url.ts';
import { libpqEnvironment } from './connection.ts';

const me = userInfo().username;
const parse = (url: string) => parseConnectionUrl(url, {});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'restoreproof-url-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string, mode = 0o600): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('parseConnectionUrl', () => {
  test.each([
    ['postgres://u:p@h:6432/d', { user: 'u', password: 'p', host: 'h', port: 6432, database: 'd' }],
    ['postgresql://u@h', { user: 'u', host: 'h', port: 5432, database: 'u' }],
    ['postgres://h/d', { user: me, host: 'h', port: 5432, database: 'd' }],
    ['postgres://h', { user: me, host: 'h', port: 5432, database: me }],
    ['postgres://u%40corp:p%3A%2F%40%25+@h/d%20b', { user: 'u@corp', password: 'p:/@%+', database: 'd b' }],
    ['postgres://u:%C3%A9@h/d', { password: 'é' }],
    ['postgres://u@[2001:db8::1]:5433/d', { host: '2001:db8::1', port: 5433 }],
    ['postgres://u@[::1]/d', { host: '::1', port: 5432 }],
    ['postgres://u@/d?host=/tmp/sock', { host: '/tmp/sock', database: 'd' }],
    ['postgres://u@%2Ftmp%2Fa%20b:5433/d', { host: '/tmp/a b', port: 5433 }],
    [
      'postgres:///d?host=/s&port=5444&user=x&password=a%26b',
      { host: '/s', port: 5444, user: 'x', password: 'a&b' },
    ],
    ['postgres://u@h/d?dbname=e', { database: 'e' }],
    ['postgres://u@h:/d?', { port: 5432 }],
  ])('%s', (url, expected) => {
    expect(parse(url)).toMatchObject(expected);
  });

  test('gives the client tools what they need and the driver no TLS of its own choosing', () => {
    const settings = parse('postgres://u@h/d?application_name=a%20b&connect_timeout=3&sslmode=prefer');
    expect(libpqEnvironment(settings)).toStrictEqual({
      PGHOST: 'h',
      PGPORT: '5432',
      PGUSER: 'u',
      PGDATABASE: 'd',
      PGAPPNAME: 'a b',
      PGCONNECT_TIMEOUT: '3',
      PGSSLMODE: 'prefer',
    });
    expect(settings).not.toHaveProperty('ssl');
  });

  test('reads sslmode as libpq does, not as the driver does', () => {
    const ca = file('ca.crt', 'CERTIFICATE');
    const ssl = (query: string) => parse(`postgres://u@h/d?${query}`).ssl;
    expect(ssl('sslmode=disable')).toBe(false);
    expect(ssl('sslmode=require')).toMatchObject({ rejectUnauthorized: false });
    expect(ssl('ssl=true')).toMatchObject({ rejectUnauthorized: false });
    expect(ssl(`sslmode=require&sslrootcert=${ca}`)).toMatchObject({
      ca: 'CERTIFICATE',
      rejectUnauthorized: true,
    });
    expect(ssl(`sslmode=verify-ca&sslrootcert=${ca}`)).toHaveProperty('checkServerIdentity');
    expect(ssl(`sslmode=verify-full&sslrootcert=${ca}`)).toStrictEqual({
      ca: 'CERTIFICATE',
      rejectUnauthorized: true,
    });
    expect(ssl('sslmode=verify-full&sslrootcert=system')).toStrictEqual({});
    expect(parse(`postgres://u@h/d?sslmode=verify-ca&sslrootcert=${ca}`).libpq).toStrictEqual({
      PGSSLMODE: 'verify-ca',
      PGSSLROOTCERT: ca,
    });
    // TLS is not spoken over Unix sockets, whatever the mode.
    expect(parse('postgres:///d?host=/s&sslmode=verify-full')).toMatchObject({ ssl: false, libpq: {} });
  });

  test.each([
    ['mysql://u:geheim@h/d', 'not a connection URL: mysql://u:***@h/d'],
    ['host=h password=geheim', 'not a connection URL: host=h password=***'],
    ['postgres://u:geheim/x@h/d', 'port of the connection'],
    ['postgres://u:12@geheim@h/d', 'host of the connection'],
    ['postgres://u:geheim', 'port of the connection'],
    ['postgres://u@h:70000/d', 'port of the connection'],
    ['postgres://u:geheim%zz@h/d', 'broken percent-encoding: postgres://u:***@h/d'],
    ['postgres://u:geheim%00@h/d', 'broken percent-encoding'],
    ['postgres://u:geheim@a,b/d', 'several hosts'],
    ['postgres://u:geheim@h/d?sslmode=on', 'sslmode=on is not known'],
    ['postgres://u:geheim@h/d?schema=public', '"schema" is not known to libpq'],
    ['postgres://u:geheim@h/d?sslmode', 'no value: postgres://u:***@h/d?sslmode'],
    ['postgres://u:geheim@h/d?service=x', 'service is not supported'],
    ['postgres://u:geheim@h/d?sslmode=verify-ca&sslrootcert=/no/such', '/no/such'],
  ])('refuses %s', (url, what) => {
    const thrown = thrownBy(() => parse(url));
    expect(thrown).toBeInstanceOf(UsageError);
    expect(thrown.message).toContain(what);
    expect(`${thrown.message} ${String(thrown.why)} ${String(thrown.next)}`).not.toContain('geheim');
    expect(thrown.next).toBeTruthy();
  });
});

describe('passwords from elsewhere', () => {
  const url = 'postgres://u@h/d';

  test('PGPASSWORD comes after the URL and before the password file', () => {
    const PGPASSFILE = file('pgpass', 'h:5432:d:u:from file\n');
    const environment = { PGPASSWORD: 'from environment', PGPASSFILE };
    expect(parseConnectionUrl('postgres://u:own@h/d', environment).password).toBe('own');
    expect(parseConnectionUrl(url, environment).password).toBe('from environment');
    expect(parseConnectionUrl(url, { PGPASSFILE }).password).toBe('from file');
    expect(parseConnectionUrl(`${url}?passfile=${PGPASSFILE}`, {}).password).toBe('from file');
  });

  test('the first line that matches counts, with libpq’s escapes and wildcards', () => {
    const lines = ['# comment', 'h:5432:other:u:no', String.raw`*:*:d:u:a\:b\\c:rest`, '*:*:*:*:last', ''];
    const PGPASSFILE = file('pgpass', lines.join('\n'));
    expect(parseConnectionUrl(url, { PGPASSFILE }).password).toBe(String.raw`a:b\c`);
    expect(parseConnectionUrl('postgres://v@h/d', { PGPASSFILE }).password).toBe('last');
    const local = { PGPASSFILE: file('local', 'localhost:*:*:*:socket') };
    expect(parseConnectionUrl('postgres:///d?host=/s', local).password).toBe('socket');
  });

  test('a file that others may read, or that is not there, is ignored', () => {
    const PGPASSFILE = file('open', '*:*:*:*:p', 0o644);
    expect(parseConnectionUrl(url, { PGPASSFILE })).not.toHaveProperty('password');
    expect(parseConnectionUrl(url, { PGPASSFILE: '/no/such' })).not.toHaveProperty('password');
    file('.pgpass', '*:*:*:*:home');
    expect(parseConnectionUrl(url, { HOME: directory }).password).toBe('home');
  });
});

describe('settingsFromEnvironment', () => {
  test('DATABASE_URL comes first', () => {
    const settings = settingsFromEnvironment({ DATABASE_URL: 'postgres://a@b/c', PGHOST: 'x', PGUSER: 'y' });
    expect(settings).toMatchObject({ user: 'a', host: 'b', database: 'c' });
  });

  test('libpq’s variables, with empty ones unset', () => {
    const settings = settingsFromEnvironment({
      PGHOST: 'h',
      PGPORT: '6000',
      PGUSER: 'u%40',
      PGPASSWORD: 'p%40',
      PGDATABASE: '',
      PGSSLMODE: 'require',
      PGCONNECT_TIMEOUT: '5',
      PGTZ: 'Asia/Tokyo',
    });
    expect(settings).toMatchObject({
      host: 'h',
      port: 6000,
      user: 'u%40',
      password: 'p%40',
      database: 'u%40',
    });
    expect(settings.libpq).toStrictEqual({ PGSSLMODE: 'require', PGCONNECT_TIMEOUT: '5' });
  });

  test.each([
    [{}, 'names no PostgreSQL server'],
    [{ PGPASSWORD: 'geheim' }, 'names no PostgreSQL server'],
    [{ PGSERVICE: 'prod' }, 'PGSERVICE is not supported'],
    [{ PGHOST: 'h', PGPORT: 'many' }, 'port of the connection'],
    [{ PGHOST: 'h', PGHOSTADDR: '10.0.0.1' }, 'hostaddr is not supported'],
    [{ DATABASE_URL: 'jdbc:postgresql://u:geheim@h/d' }, 'not a connection URL'],
  ])('refuses %j', (environment, what) => {
    const thrown = thrownBy(() => settingsFromEnvironment(environment));
    expect(thrown).toBeInstanceOf(UsageError);
    expect(thrown.message).toContain(what);
    expect(thrown.message).not.toContain('geheim');
  });
});

describe('redactUrl', () => {
  test.each([
    ['postgres://u:p@h:5432/d?sslmode=require', 'postgres://u:***@h:5432/d?sslmode=require'],
    ['postgres://u@h:5432/d', 'postgres://u@h:5432/d'],
    ['postgres://h:5432/d', 'postgres://h:5432/d'],
    ['postgres://u@[::1]:5432/d', 'postgres://u@[::1]:5432/d'],
    ['postgres://[::1]:5432/d', 'postgres://[::1]:5432/d'],
    ['postgres:///d?host=/s&password=geheim&port=1', 'postgres:///d?host=/s&password=***&port=1'],
    ['postgres:///d?p%61ssword=geheim', 'postgres:///d?p%61ssword=***'],
    ['postgres:///d?%zz=geheim', 'postgres:///d?%zz=***'],
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });

  test.each([
    'postgres://u:geheim@h',
    'postgres://u:ge@heim/geheim@h/d',
    'postgres://u:geheim?geheim@h/d',
    'postgres://u:geheim#geheim@h/d',
    'postgres://us/er:geheim@h/d',
    'postgres://u@corp:geheim@h/d',
    'postgres://u::geheim@h/d',
    'postgres://u:geheim',
    'postgres://u:geheim/d',
    'postgres:u:geheim@h',
    'u:geheim@h/d',
    'postgres://u:multi\ngeheim@h/d',
    "host=h password='a geheim'",
    'PGPASSWORD=geheim psql',
    'https://u:geheim@h',
  ])('hides the password of %j', (url) => {
    expect(redactUrl(url)).not.toContain('geheim');
  });
});

function thrownBy(act: () => unknown): UsageError {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

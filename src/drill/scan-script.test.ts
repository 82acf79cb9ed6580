import { expect, test } from 'vitest';
import { scanScript, type ScriptFacts } from './scan-script.ts';

function scan(...lines: string[]): Promise<ScriptFacts> {
  async function* input() {
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
  return scanScript(input());
}

test('roles, wherever pg_dump names them', async () => {
  const { roles } = await scan(
    'ALTER TABLE public.a OWNER TO owner_a;',
    'ALTER FUNCTION public.f(a text, OUT b integer) OWNER TO "Owner ""B""";',
    'GRANT SELECT,INSERT ON TABLE public.a TO reader WITH GRANT OPTION;',
    'REVOKE ALL ON FUNCTION public.f() FROM PUBLIC;',
    'REVOKE ALL ON SCHEMA public FROM former;',
    'GRANT SELECT ON TABLE public.a TO "jö" GRANTED BY giver;',
    'ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA public GRANT SELECT ON TABLES  TO taker;',
    'CREATE POLICY p ON public.a AS RESTRICTIVE FOR SELECT TO one, two USING ((x > 0));',
    'CREATE POLICY q ON public.a USING (true);',
    'CREATE USER MAPPING FOR mapped SERVER s OPTIONS (',
    "ALTER ROLE settled IN DATABASE shop SET work_mem TO '1MB';",
    'SET SESSION AUTHORIZATION session_user_1;',
    'SET SESSION AUTHORIZATION DEFAULT;',
  );
  const expected = [
    'owner_a',
    'Owner "B"',
    'reader',
    'former',
    'jö',
    'giver',
    'maker',
    'taker',
    'one',
    'two',
  ];
  expect(roles).toEqual([...expected, 'mapped', 'settled', 'session_user_1']);
});

test('rows are passed over, whatever they look like', async () => {
  const { roles, enters, extensions } = await scan(
    'COPY public.a (x) FROM stdin;',
    'ALTER TABLE public.a OWNER TO nobody_1;',
    String.raw`\\connect elsewhere`,
    String.raw`\connect elsewhere`,
    'CREATE EXTENSION IF NOT EXISTS none;',
    String.raw`\.`,
    'ALTER TABLE public.a OWNER TO somebody;',
  );
  expect({ roles, enters, extensions }).toEqual({ roles: ['somebody'], enters: [], extensions: [] });
});

test('the database, as --create tells it', async () => {
  const facts = await scan(
    '-- PostgreSQL database dump',
    '-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)',
    '-- Dumped by pg_dump version 17.2',
    "SET client_encoding = 'LATIN1';",
    "CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'LATIN1' LOCALE_PROVIDER = icu LOCALE = 'C' ICU_LOCALE = 'de-DE';",
    'ALTER DATABASE shop OWNER TO keeper;',
    String.raw`\connect shop`,
    String.raw`\connect -reuse-previous=on "dbname='sh op'"`,
    `ALTER DATABASE "sh op" SET search_path TO 'audit', 'public';`,
    'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;',
    'SET default_tablespace = fast;',
    "SET default_tablespace = '';",
    '-- PostgreSQL database dump complete',
  );
  expect(facts).toMatchObject({
    dumpedFrom: { major: 15, minor: 18 },
    dumpedBy: { major: 17, minor: 2 },
    clientEncoding: 'LATIN1',
    enters: ['shop', 'sh op'],
    roles: ['keeper'],
    extensions: ['uuid-ossp'],
    tablespaces: ['fast'],
    database: { encoding: 'LATIN1', locale: { provider: 'icu', locale: 'C', icuLocale: 'de-DE' } },
    databaseSettings: [`SET search_path TO 'audit', 'public'`],
    cutShort: false,
  });
});

test('a script that begins as a dump and does not end as one is cut short', async () => {
  expect((await scan('-- PostgreSQL database dump', 'SELECT 1;')).cutShort).toBe(true);
  expect((await scan('SELECT 1;')).cutShort).toBe(false);
});

import { keysBeyondAscii } from '../case/case-facts.ts';
import type { BoundedText, Installed } from '../case/subject-traits.ts';
import { escapeIdentifier } from 'pg';
import type { Connection } from '../postgres/connection.ts';
import { readCatalog } from '../snapshot/catalog.ts';
import { readTableShapes, type TableShape } from '../snapshot/table-shapes.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';

/**
 * What an installation brings besides the subject's own tables, read once: what of its rows and definitions decides
 * whether a dump fits another encoding, and what filters leave out.
 */
export async function surveyInstallation(
  connection: Connection,
  { tables }: SubjectTraits,
): Promise<Omit<Installed, 'again'>> {
  const own = await namesOf(connection, [tables.events, tables.head]);
  const others = (await readTableShapes(connection)).filter(({ name }) => !own.has(name));
  const rows: number[] = [];
  const characters = new Set<string>();
  const keys: string[][] = [];
  const bounded: BoundedText[] = [];
  for (const shape of others) {
    const seen = await surveyRows(connection, shape);
    rows.push(seen.rows);
    for (const character of seen.characters) characters.add(character);
    keys.push(...seen.keys);
    bounded.push(...(await readBounded(connection, shape)));
  }
  const catalog = await readCatalog(connection);
  return {
    tables: others.length,
    rows: rows.reduce((sum, count) => sum + count, 0),
    otherSchemas: others.some(({ name }) => !name.startsWith('public.')),
    characters: [...characters],
    keys,
    bounded,
    wideDefinitions: catalog.some(({ identity, definition }) => /\P{ASCII}/u.test(identity + definition)),
    settings: catalog.flatMap(({ kind, identity }) =>
      kind === 'database-setting' ? [identity.toLowerCase()] : [],
    ),
    materializedViews: catalog.some(({ kind }) => kind === 'materialized-view'),
    outOfSight: ![...own].every((name) => name.startsWith('public.')),
    usualTriggers: await hasUsualTriggers(connection, tables.events),
  };
}

/** As the shapes name them, found by the session's search_path. */
async function namesOf(connection: Connection, tables: readonly string[]): Promise<Set<string>> {
  const { rows } = await connection.query<{ name: string }>(
    `SELECT format('%I.%I', nspname, relname) AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
     WHERE c.oid = ANY (SELECT to_regclass(asked) FROM unnest($1::text[]) AS asked)`,
    [tables],
  );
  return new Set(rows.map(({ name }) => name));
}

/** A row's text has the characters of all its columns. */
async function surveyRows(connection: Connection, { name, columns }: TableShape) {
  const { rows } = await connection.query<{ rows: string; characters: string | null }>(
    `SELECT (SELECT count(*) FROM ONLY ${name}) AS rows, (SELECT string_agg(DISTINCT character, '')
       FROM ONLY ${name} AS looked_at,
         regexp_split_to_table(regexp_replace(looked_at::text, '[\\u0001-\\u007f]+', '', 'g'), '') AS character) AS characters`,
  );
  const [seen] = rows;
  const characters = [...(seen?.characters ?? '')];
  const documents = characters.length === 0 ? [] : columns.filter(({ type }) => type === 'jsonb');
  const keys = await Promise.all(documents.map((column) => readKeys(connection, name, column.name)));
  return { rows: Number(seen?.rows ?? 0), characters, keys: keys.flat() };
}

async function readKeys(connection: Connection, table: string, column: string): Promise<string[][]> {
  const name = escapeIdentifier(column);
  const { rows } = await connection.query<{ document: string }>(
    `SELECT ${name}::text AS document FROM ONLY ${table} WHERE ${name}::text ~ '[^\\u0001-\\u007f]'`,
  );
  return rows.flatMap(({ document }) => keysBeyondAscii(JSON.parse(document)));
}

/** Texts that are longer in bytes than their column is in characters. */
async function readBounded(connection: Connection, { name }: TableShape): Promise<BoundedText[]> {
  const { rows: limits } = await connection.query<{ column: string; limit: number }>(
    `SELECT attname AS column, atttypmod - 4 AS limit FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND atttypmod > 4
       AND atttypid IN ('varchar'::regtype, 'bpchar'::regtype)`,
    [name],
  );
  const found: BoundedText[] = [];
  for (const { column, limit } of limits) {
    const { rows } = await connection.query<{ text: string }>(
      `SELECT ${escapeIdentifier(column)}::text AS text FROM ONLY ${name}
       WHERE octet_length(${escapeIdentifier(column)}) > $1`,
      [limit],
    );
    found.push(...rows.map(({ text }) => ({ text, limit })));
  }
  return found;
}

/** Triggers that always fire, or that pin their search_path, do something else with rows that are restored past them. */
async function hasUsualTriggers(connection: Connection, events: string): Promise<boolean> {
  const { rows } = await connection.query<{ usual: boolean }>(
    `SELECT coalesce(bool_and(tgenabled = 'O' AND NOT EXISTS
         (SELECT FROM unnest(proconfig) AS setting WHERE setting LIKE 'search\\_path=%')), true) AS usual
     FROM pg_trigger JOIN pg_proc AS p ON p.oid = tgfoid
     WHERE tgrelid = to_regclass($1) AND NOT tgisinternal`,
    [events],
  );
  return rows[0]?.usual ?? true;
}

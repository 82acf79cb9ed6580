import type { QueryResult } from 'pg';
import type { Connection } from '../postgres/connection.ts';
import type { Sql } from './catalog/fragments.ts';
import { CATALOG_KINDS, type CatalogObject, type CatalogRow } from './catalog/kinds.ts';
import { catalogQueries, SERVER_FACTS } from './catalog/queries.ts';

export { CATALOG_KINDS, type CatalogKind, type CatalogObject } from './catalog/kinds.ts';

/**
 * What the database says about its own schema, object by object: kinds in the order of CATALOG_KINDS, within a kind
 * by identity in code units.
 *
 * Left out: system schemas, temporary objects, members of extensions (the extension itself is in), the database's
 * own name, owner, comment and privileges, and NOT NULL constraints' names (a column says whether it is NOT NULL).
 *
 * Two round trips. Give it a REPEATABLE READ READ ONLY transaction where others may be changing the schema. The
 * settings that decide how names are printed are set for the reading and put back, within a transaction or without.
 * Dates and numbers in expressions are printed by the session's settings, which `connect` pins.
 *
 * @throws the driver's error, with `code` as SQLSTATE
 */
export async function readCatalog(connection: Connection): Promise<CatalogObject[]> {
  const [settings, , facts] = await answers(connection, [
    SETTINGS,
    setLocally(connection, PRINTING),
    SERVER_FACTS,
  ]);
  const callers: Settings = settings?.rows[0];
  const queries = catalogQueries(facts?.rows[0]);
  const described = await answers(connection, [
    setLocally(connection, PRINTING),
    ...queries,
    // In a transaction of the caller's, what is set locally would outlive this function.
    setLocally(connection, callers),
  ]);
  const rows: CatalogRow[] = described.slice(1, -1).flatMap((answer) => answer.rows);
  return rows.flatMap(objectsOf).sort(byKindAndIdentity);
}

/**
 * One answer for each statement. Several statements in one simple query are one implicit transaction, so that what
 * is set locally holds for all of them (manual: Multiple Statements in a Simple Query).
 */
async function answers(connection: Connection, statements: readonly Sql[]): Promise<QueryResult[]> {
  const results: unknown = await connection.query(statements.join(';\n'));
  // The driver's types know one statement per query; for several it gives an array.
  if (!Array.isArray(results)) throw new TypeError('several statements gave a single answer');
  return results;
}

type Settings = Readonly<Record<string, string>>;

/** An empty search_path makes pg_get_* and reg* print every name with its schema; compiling costs more than it gains. */
const PRINTING: Settings = { search_path: '', quote_all_identifiers: 'off', jit: 'off' };

const SETTINGS: Sql = `SELECT ${Object.keys(PRINTING)
  .map((name) => `pg_catalog.current_setting('${name}') AS ${name}`)
  .join(', ')}`;

function setLocally(connection: Connection, settings: Settings): Sql {
  const calls = Object.entries(settings).map(
    ([name, value]) => `pg_catalog.set_config('${name}', ${connection.escapeLiteral(value)}, true)`,
  );
  return `SELECT ${calls.join(', ')}`;
}

/** The object itself, its owner and its grants: those are kinds of their own, so that each can be exempt. */
function objectsOf({ kind, identity, definition, owner, grants }: CatalogRow): CatalogObject[] {
  const named = `${kind} ${identity}`;
  return [
    { kind, identity, definition: definition ?? '' },
    ...(owner === null ? [] : [{ kind: 'owner' as const, identity: named, definition: owner }]),
    ...(grants ?? []).map(({ privilege, grantee, grantable }) => ({
      kind: 'grant' as const,
      identity: `${privilege} on ${named} to ${grantee}`,
      definition: grantable ? 'with grant option' : 'without grant option',
    })),
  ];
}

const RANK = new Map(CATALOG_KINDS.map((kind, index) => [kind, index]));

function byKindAndIdentity(a: CatalogObject, b: CatalogObject): number {
  return (RANK.get(a.kind) ?? 0) - (RANK.get(b.kind) ?? 0) || byCodeUnits(a.identity, b.identity);
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

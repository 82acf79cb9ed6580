import type { CatalogKind } from './kinds.ts';

/** An SQL expression or query. Everything here is written by us: no value of a user is ever put into it. */
export type Sql = string;

interface CatalogSelect {
  readonly kind: CatalogKind | { readonly expression: Sql };
  readonly identity: Sql;
  readonly definition: Sql;
  readonly owner?: Sql;
  readonly grants?: Sql;
  /** FROM and all that follows. */
  readonly from: Sql;
}

/** One catalog query, with the columns of `CatalogRow`. */
export function select(parts: CatalogSelect): Sql {
  const { kind, identity, definition, owner, from } = parts;
  return `SELECT ${typeof kind === 'string' ? `'${kind}'` : kind.expression} AS kind,
    (${identity})::text AS identity,
    (${definition})::text AS definition,
    ${owner === undefined ? 'NULL' : `pg_get_userbyid(${owner})::text`} AS owner,
    ${parts.grants ?? 'NULL'} AS grants
    FROM ${from}`;
}

/**
 * True for what was made after initdb: FirstNormalObjectId in access/transam.h, the line that pg_dump draws
 * as well (`g_last_builtin_oid`). A range over the OID's index, where a test of the schema reads the whole catalog.
 */
export function made(oid: Sql): Sql {
  return `${oid} >= 16384`;
}

/** Leaves out pg_catalog, pg_toast, every session's temporary schema and information_schema. */
export function inUserSchema(namespace: Sql): Sql {
  return `${namespace} NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')`;
}

/** Leaves out members of extensions (manual: pg_depend, DEPENDENCY_EXTENSION): the extension brings them back. */
export function notOfExtension(catalog: string, oid: Sql): Sql {
  return `${oid} NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass
    AND classid = '${catalog}'::regclass AND deptype = 'e')`;
}

/** Leaves out what the server makes by itself along with another object: the constructors of a range. */
export function notInternal(catalog: string, oid: Sql): Sql {
  return `NOT EXISTS (SELECT FROM pg_depend AS m WHERE m.classid = '${catalog}'::regclass AND m.objid = ${oid}
    AND m.objsubid = 0 AND m.deptype = 'i')`;
}

/** `made`, `inUserSchema` and `notOfExtension`, for an object that lives in a schema. */
export function users(catalog: string, oid: Sql, namespace: Sql): Sql {
  return `${made(oid)} AND ${inUserSchema(namespace)} AND ${notOfExtension(catalog, oid)}`;
}

/** `users` for the relation `c` that a column, constraint, index, trigger, policy or rule is part of. */
export const OF_USERS_RELATION = users('pg_class', 'c.oid', 'c.relnamespace');

/** Lines of `property: value`, so that the first line that differs names the property. */
export function properties(parts: Readonly<Record<string, Sql>>): Sql {
  const lines = Object.entries(parts).map(
    ([name, value], index) => `E'${index === 0 ? '' : '\\n'}${name}: ', coalesce((${value})::text, 'none')`,
  );
  return `concat(${lines.join(', ')})`;
}

/** A one-letter catalog code as words; an unknown code stays as it is. */
export function spelled(code: Sql, words: Readonly<Record<string, string>>): Sql {
  const cases = Object.entries(words).map(([letter, word]) => `WHEN '${letter}' THEN '${word}'`);
  return `CASE ${code} ${cases.join(' ')} ELSE ${code}::text END`;
}

/** The elements of a text array, in an order that depends on no collation. */
export function listed(array: Sql): Sql {
  return `(SELECT string_agg(item, ', ' ORDER BY item COLLATE "C") FROM unnest(${array}) AS item)`;
}

/** As `listed`, for options `name=value` whose values are secrets: a digest stands for each. */
export function listedSecretly(array: Sql): Sql {
  return `(SELECT string_agg(split_part(item, '=', 1) || '=md5:' || md5(item), ', ' ORDER BY item COLLATE "C")
    FROM unnest(${array}) AS item)`;
}

/** A role by name; 0 is PUBLIC. */
export function role(oid: Sql): Sql {
  return `CASE ${oid} WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(${oid})) END`;
}

/**
 * The privileges on an object, the built-in defaults included where it has no list of its own (manual: acldefault
 * under System Information Functions). The owner is called `its owner` and not by name, so that a restore with
 * --no-owner keeps them equal.
 */
export function grants(
  type: 'r' | 's' | 'f' | 'n' | 'T' | 'c' | 'l' | 'F' | 'S' | 'L',
  list: Sql,
  owner: Sql,
): Sql {
  const grantee = `CASE g.grantee WHEN ${owner} THEN 'its owner' ELSE ${role('g.grantee')} END`;
  const grantor = `CASE g.grantor WHEN ${owner} THEN '' ELSE ' by ' || ${role('g.grantor')} END`;
  return `(SELECT json_agg(json_build_object('privilege', g.privilege_type,
      'grantee', ${grantee} || ${grantor}, 'grantable', g.is_grantable))
    FROM aclexplode(coalesce(${list}, acldefault('${type}', ${owner}))) AS g)`;
}

export const TRIGGER_STATES = { O: 'enabled', D: 'disabled', R: 'replica only', A: 'always' };

import { grants, properties, select, spelled, type Sql, users } from './fragments.ts';

const ENUM = `(SELECT string_agg('label: ' || quote_literal(e.enumlabel), E'\\n' ORDER BY e.enumsortorder)
  FROM pg_enum AS e WHERE e.enumtypid = t.oid)`;

const COMPOSITE = `(SELECT string_agg(format('attribute: %I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
    ' collate ' || nullif(a.attcollation, 0)::regcollation), E'\\n' ORDER BY a.attnum)
  FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)`;

/** The default from its expression, as pg_dump.c has it: typdefault is text made under its maker's search_path. */
const DOMAIN = properties({
  type: 'format_type(t.typbasetype, t.typtypmod)',
  'not null': 't.typnotnull',
  default: `pg_get_expr(t.typdefaultbin, 'pg_type'::regclass)`,
  collation: 'nullif(t.typcollation, 0)::regcollation',
});

const BASE = properties({
  input: 't.typinput::oid::regprocedure',
  output: 't.typoutput::oid::regprocedure',
  receive: 'nullif(t.typreceive, 0)::oid::regprocedure',
  send: 'nullif(t.typsend, 0)::oid::regprocedure',
  'modifier input': 'nullif(t.typmodin, 0)::oid::regprocedure',
  'modifier output': 'nullif(t.typmodout, 0)::oid::regprocedure',
  analyze: 'nullif(t.typanalyze, 0)::oid::regprocedure',
  length: 't.typlen',
  'by value': 't.typbyval',
  alignment: 't.typalign',
  storage: 't.typstorage',
  category: 't.typcategory',
  preferred: 't.typispreferred',
  delimiter: 't.typdelim',
  element: 'nullif(t.typelem, 0)::regtype',
  default: 't.typdefault',
  collation: 'nullif(t.typcollation, 0)::regcollation',
});

/** pg_range.rngmultitypid is of 14. */
function range(serverVersion: number): Sql {
  const parts = properties({
    subtype: 'r.rngsubtype::regtype',
    'operator class': `SELECT format('%I.%I', n.nspname, o.opcname) FROM pg_opclass AS o
      JOIN pg_namespace AS n ON n.oid = o.opcnamespace WHERE o.oid = r.rngsubopc`,
    collation: 'nullif(r.rngcollation, 0)::regcollation',
    canonical: 'nullif(r.rngcanonical, 0)::oid::regprocedure',
    difference: 'nullif(r.rngsubdiff, 0)::oid::regprocedure',
    multirange: serverVersion >= 140_000 ? 'r.rngmultitypid::regtype' : 'NULL',
  });
  return `(SELECT ${parts} FROM pg_range AS r WHERE r.rngtypid = t.oid)`;
}

/** Enums, domains, composites, ranges and base types; not what comes with a table, an array or a range by itself. */
export function types(serverVersion: number): Sql {
  const kind = spelled('t.typtype', {
    e: 'enum',
    d: 'domain',
    c: 'composite',
    r: 'range',
    b: 'base',
    p: 'shell',
  });
  return select({
    kind: 'type',
    identity: 't.oid::regtype',
    definition: `concat('kind: ', ${kind}, E'\\n', CASE t.typtype WHEN 'e' THEN ${ENUM} WHEN 'c' THEN ${COMPOSITE}
      WHEN 'd' THEN ${DOMAIN} WHEN 'r' THEN ${range(serverVersion)} WHEN 'b' THEN ${BASE} END)`,
    owner: 't.typowner',
    grants: grants('T', 't.typacl', 't.typowner'),
    from: `pg_type AS t WHERE t.typtype <> 'm'
      AND (t.typrelid = 0 OR (SELECT c.relkind FROM pg_class AS c WHERE c.oid = t.typrelid) = 'c')
      AND (t.typelem = 0 OR (SELECT e.typarray FROM pg_type AS e WHERE e.oid = t.typelem) <> t.oid)
      AND ${users('pg_type', 't.oid', 't.typnamespace')}`,
  });
}

/** User-made collations; the columns of pg_collation differ from version to version, hence by name. */
export const COLLATIONS = select({
  kind: 'collation',
  identity: 'x.oid::regcollation',
  definition: properties({
    provider: spelled('x.collprovider', { c: 'libc', i: 'icu', b: 'builtin', d: 'default' }),
    deterministic: 'x.collisdeterministic',
    collate: `to_jsonb(x)->>'collcollate'`,
    'character type': `to_jsonb(x)->>'collctype'`,
    locale: `coalesce(to_jsonb(x)->>'colllocale', to_jsonb(x)->>'colliculocale')`,
    'icu rules': `to_jsonb(x)->>'collicurules'`,
  }),
  owner: 'x.collowner',
  from: `pg_collation AS x WHERE ${users('pg_collation', 'x.oid', 'x.collnamespace')}`,
});

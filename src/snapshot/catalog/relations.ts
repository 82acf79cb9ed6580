import { grants, listed, OF_USERS_RELATION, properties, select, spelled, type Sql } from './fragments.ts';

const PERSISTENCE = spelled('c.relpersistence', { p: 'permanent', u: 'unlogged', t: 'temporary' });
const ACCESS_METHOD = `SELECT quote_ident(amname) FROM pg_am WHERE oid = c.relam`;
const TABLESPACE = `SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid = c.reltablespace`;
const FOREIGN = (column: Sql): Sql => `SELECT ${column} FROM pg_foreign_table AS f
  JOIN pg_foreign_server AS s ON s.oid = f.ftserver WHERE c.relkind = 'f' AND f.ftrelid = c.oid`;

export const TABLES = select({
  kind: 'table',
  identity: 'c.oid::regclass',
  definition: properties({
    kind: spelled('c.relkind', { r: 'ordinary', p: 'partitioned', f: 'foreign' }),
    persistence: PERSISTENCE,
    options: listed('c.reloptions'),
    'toast options': `SELECT ${listed('t.reloptions')} FROM pg_class AS t WHERE t.oid = c.reltoastrelid`,
    'row security': `CASE WHEN c.relrowsecurity THEN 'enabled' ELSE 'disabled' END`,
    'row security of the owner': `CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE 'not forced' END`,
    'replica identity': spelled('c.relreplident', { d: 'default', n: 'nothing', f: 'full', i: 'index' }),
    'access method': ACCESS_METHOD,
    tablespace: TABLESPACE,
    'of type': `nullif(c.reloftype, 0)::regtype`,
    parents: `SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = c.oid`,
    'partition key': `CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END`,
    'partition bound': `CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END`,
    'foreign server': FOREIGN('quote_ident(s.srvname)'),
    'foreign options': FOREIGN(listed('f.ftoptions')),
  }),
  owner: 'c.relowner',
  grants: grants('r', 'c.relacl', 'c.relowner'),
  from: `pg_class AS c WHERE c.relkind IN ('r', 'p', 'f') AND ${OF_USERS_RELATION}`,
});

export const VIEWS = select({
  kind: { expression: `CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized-view' END` },
  identity: 'c.oid::regclass',
  definition: properties({
    options: listed('c.reloptions'),
    persistence: PERSISTENCE,
    populated: 'c.relispopulated',
    'access method': ACCESS_METHOD,
    tablespace: TABLESPACE,
    query: 'pg_get_viewdef(c.oid)',
  }),
  owner: 'c.relowner',
  grants: grants('r', 'c.relacl', 'c.relowner'),
  from: `pg_class AS c WHERE c.relkind IN ('v', 'm') AND ${OF_USERS_RELATION}`,
});

/**
 * Those a user can set. 17.12 keeps a version of the row type among them, which is new for each table that is made and
 * which pg_dump does not write down either (the query of its getTableAttrs leaves `pg_attver` out).
 */
const COLUMN_OPTIONS = `ARRAY(SELECT o FROM unnest(a.attoptions) AS o WHERE o !~ '^pg_attver=')`;

/**
 * Columns of tables and views; a dropped column leaves a gap in attnum that a restore closes, hence the rank.
 * attcompression is of 14; attstattarget is -1 up to 16 and null from 17 where it is the default.
 */
export function columns(serverVersion: number): Sql {
  return select({
    kind: 'column',
    identity: `c.oid::regclass || '.' || quote_ident(a.attname)`,
    definition: properties({
      position: 'row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum)',
      type: 'format_type(a.atttypid, a.atttypmod)',
      'not null': 'a.attnotnull',
      default: `CASE WHEN a.atthasdef THEN
        (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END`,
      identity: spelled(`nullif(a.attidentity, '')`, { a: 'always', d: 'by default' }),
      generated: spelled(`nullif(a.attgenerated, '')`, { s: 'stored', v: 'virtual' }),
      collation: 'nullif(a.attcollation, 0)::regcollation',
      storage: spelled('a.attstorage', { p: 'plain', e: 'external', m: 'main', x: 'extended' }),
      compression:
        serverVersion >= 140_000 ? spelled(`nullif(a.attcompression, '')`, { p: 'pglz', l: 'lz4' }) : 'NULL',
      'statistics target': 'nullif(a.attstattarget, -1)',
      options: listed(COLUMN_OPTIONS),
      'foreign options': listed('a.attfdwoptions'),
    }),
    grants: `CASE WHEN a.attacl IS NOT NULL THEN ${grants('c', 'a.attacl', 'c.relowner')} END`,
    from: `pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
      WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND ${OF_USERS_RELATION}`,
  });
}

export const SEQUENCES = select({
  kind: 'sequence',
  identity: 'c.oid::regclass',
  definition: properties({
    type: 's.seqtypid::regtype',
    start: 's.seqstart',
    increment: 's.seqincrement',
    minimum: 's.seqmin',
    maximum: 's.seqmax',
    cache: 's.seqcache',
    cycle: 's.seqcycle',
    persistence: PERSISTENCE,
    'owned by': `SELECT d.refobjid::regclass || '.' || quote_ident(a.attname)
      FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
        AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')`,
  }),
  owner: 'c.relowner',
  grants: grants('s', 'c.relacl', 'c.relowner'),
  from: `pg_sequence AS s JOIN pg_class AS c ON c.oid = s.seqrelid WHERE ${OF_USERS_RELATION}`,
});

/** The positions of sequences named as in SQL (`"public"."a_seq"`); undefined where there are none. */
export function sequencePositions(sequences: readonly string[]): Sql | undefined {
  if (sequences.length === 0) return undefined;
  return sequences
    .map((sequence) =>
      select({
        kind: 'sequence-position',
        identity: 'tableoid::regclass',
        definition: properties({ 'last value': 'last_value', called: 'is_called' }),
        from: sequence,
      }),
    )
    .join('\nUNION ALL ');
}

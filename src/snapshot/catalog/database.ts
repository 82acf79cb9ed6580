import {
  grants,
  listed,
  made,
  notOfExtension,
  properties,
  role,
  select,
  spelled,
  type Sql,
  TRIGGER_STATES,
} from './fragments.ts';

/** Schemas; `public` is as old as initdb and belongs to the user all the same. */
export const SCHEMAS = select({
  kind: 'schema',
  identity: 'quote_ident(n.nspname)',
  definition: `''`,
  owner: 'n.nspowner',
  grants: grants('n', 'n.nspacl', 'n.nspowner'),
  from: `pg_namespace AS n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND ${notOfExtension('pg_namespace', 'n.oid')}`,
});

/**
 * Extensions without their owner: pg_dump has no command for it, the restoring role becomes it. A restore makes their
 * members from the server's files, so that one digest says whether a function was replaced in place.
 */
export const EXTENSIONS = select({
  kind: 'extension',
  identity: 'quote_ident(e.extname)',
  definition: properties({
    version: 'e.extversion',
    schema: 'e.extnamespace::regnamespace',
    functions: `SELECT count(*) || ', md5 ' || md5(string_agg(pg_get_functiondef(p.oid), '' ORDER BY p.proname COLLATE "C",
        pg_get_function_identity_arguments(p.oid) COLLATE "C"))
      FROM pg_depend AS m JOIN pg_proc AS p ON p.oid = m.objid AND p.prokind <> 'a'
      WHERE m.refclassid = 'pg_extension'::regclass AND m.refobjid = e.oid AND m.classid = 'pg_proc'::regclass
        AND m.deptype = 'e'`,
  }),
  from: 'pg_extension AS e',
});

/** Large objects without their contents. An OID is the name of one, and a dump keeps it. */
export const LARGE_OBJECTS = select({
  kind: 'large-object',
  identity: 'l.oid',
  definition: `''`,
  owner: 'l.lomowner',
  grants: grants('L', 'l.lomacl', 'l.lomowner'),
  from: 'pg_largeobject_metadata AS l',
});

export const EVENT_TRIGGERS = select({
  kind: 'event-trigger',
  identity: 'quote_ident(e.evtname)',
  definition: properties({
    state: spelled('e.evtenabled', TRIGGER_STATES),
    event: 'e.evtevent',
    tags: listed('e.evttags'),
    function: 'e.evtfoid::regprocedure',
  }),
  owner: 'e.evtowner',
  from: `pg_event_trigger AS e WHERE ${notOfExtension('pg_event_trigger', 'e.oid')}`,
});

/** Publications with what is in them; column lists, row filters and schemas are of 15. */
export function publications(serverVersion: number): Sql {
  const filtered = serverVersion >= 150_000;
  const columnList = `SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") || ')'
    FROM pg_attribute AS a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)`;
  const table = filtered
    ? `concat(r.prrelid::regclass, (${columnList}), ' where ' || pg_get_expr(r.prqual, r.prrelid))`
    : 'r.prrelid::regclass::text';
  return select({
    kind: 'publication',
    identity: 'quote_ident(p.pubname)',
    definition: properties({
      'all tables': 'p.puballtables',
      insert: 'p.pubinsert',
      update: 'p.pubupdate',
      delete: 'p.pubdelete',
      truncate: 'p.pubtruncate',
      'via root': 'p.pubviaroot',
      'generated columns': `nullif(to_jsonb(p)->>'pubgencols', 'n')`,
      schemas: filtered
        ? `SELECT string_agg(s.pnnspid::regnamespace::text, ', ' ORDER BY s.pnnspid::regnamespace::text COLLATE "C")
            FROM pg_publication_namespace AS s WHERE s.pnpubid = p.oid`
        : 'NULL',
      tables: `SELECT string_agg(${table}, ', ' ORDER BY r.prrelid::regclass::text COLLATE "C")
        FROM pg_publication_rel AS r WHERE r.prpubid = p.oid`,
    }),
    owner: 'p.pubowner',
    from: 'pg_publication AS p',
  });
}

const DEFAULT_KINDS = {
  r: 'tables',
  S: 'sequences',
  f: 'functions',
  T: 'types',
  n: 'schemas',
  L: 'large objects',
};

/** One object per role, schema and kind, and not per privilege: an empty list revokes everything and has no rows. */
export const DEFAULT_PRIVILEGES = select({
  kind: 'default-privilege',
  identity: `concat('for role ', ${role('d.defaclrole')}, ' in schema ' || nullif(d.defaclnamespace, 0)::regnamespace,
    ' on ', ${spelled('d.defaclobjtype', DEFAULT_KINDS)})`,
  definition: `SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
    SELECT concat(g.privilege_type, ' to ', ${role('g.grantee')}, CASE WHEN g.is_grantable THEN ' with grant option' END)
      FROM aclexplode(d.defaclacl) AS g) AS lines(line)`,
  from: 'pg_default_acl AS d',
});

/** ALTER DATABASE … SET and ALTER ROLE … IN DATABASE … SET; the database's own name is left out. */
export const DATABASE_SETTINGS = select({
  kind: 'database-setting',
  identity: `split_part(setting, '=', 1) || CASE s.setrole WHEN 0 THEN '' ELSE ' for role ' || ${role('s.setrole')} END`,
  definition: `substr(setting, strpos(setting, '=') + 1)`,
  from: `pg_db_role_setting AS s, unnest(s.setconfig) AS setting
    WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
});

const NOT_OF_EXTENSION = `NOT EXISTS (SELECT FROM pg_depend AS m WHERE m.classid = x.classoid AND m.objid = x.objoid
  AND m.deptype = 'e')`;
const NOT_TEMPORARY = `named.identity !~ '(^| on )pg_temp'`;

/** Comments by pg_identify_object: pg_describe_object translates its words by lc_messages (objectaddress.c). */
export const COMMENTS = select({
  kind: 'comment',
  identity: `named.type || ' ' || named.identity`,
  definition: 'x.description',
  from: `pg_description AS x, pg_identify_object(x.classoid, x.objoid, x.objsubid) AS named
    WHERE (${made('x.objoid')} OR (x.objoid = to_regnamespace('public') AND x.classoid = 'pg_namespace'::regclass))
      AND ${NOT_OF_EXTENSION} AND ${NOT_TEMPORARY}`,
});

export const SECURITY_LABELS = select({
  kind: 'security-label',
  identity: `named.type || ' ' || named.identity || ' for ' || quote_ident(x.provider)`,
  definition: 'x.label',
  from: `pg_seclabel AS x, pg_identify_object(x.classoid, x.objoid, x.objsubid) AS named
    WHERE ${NOT_OF_EXTENSION} AND ${NOT_TEMPORARY}`,
});

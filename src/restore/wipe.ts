import { escapeIdentifier } from 'pg';
import type { Connection } from '../postgres/connection.ts';
import { NoVerdictError } from '../errors.ts';

/**
 * Empties a database: drops every schema of the user and what belongs to none, and makes an empty `public` as a new
 * database has it. The database itself stays, with its settings, and so do roles and tablespaces.
 *
 * @throws NoVerdictError where anything is left
 * @throws the server's error where it refuses to drop something
 */
export async function wipe(connection: Connection): Promise<void> {
  const drops = await connection.query<{ sql: string }>(DROPS);
  const schemas = await connection.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE ${OF_USER}`,
  );
  const [server] = (await connection.query<Server>(SERVER)).rows;
  const statements = [
    ...drops.rows.map(({ sql }) => sql),
    ...schemas.rows.map(({ name }) => `DROP SCHEMA ${escapeIdentifier(name)} CASCADE`),
    ...publicOf(server),
  ];
  await connection.query(statements.join('; '));
  await proveEmpty(connection);
}

const OF_USER = `nspname !~ '^pg_' AND nspname <> 'information_schema'`;
/** FirstNormalObjectId in access/transam.h: what initdb made is below, and so is plpgsql. */
const MADE = 'oid >= 16384';
/** Made, and no part of an extension. */
const LONE = `${MADE} AND oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')`;

/**
 * What DROP SCHEMA does not reach. Event triggers come first, or they would fire at the drops. The default privileges
 * of a schema go with it; those of no schema are gone once they are what they were built in as (manual, ALTER DEFAULT
 * PRIVILEGES, notes).
 */
export const DROPS = `
  SELECT format('DROP EVENT TRIGGER %I CASCADE', evtname) AS sql FROM pg_event_trigger
  UNION ALL SELECT format('DROP PUBLICATION %I CASCADE', pubname) FROM pg_publication
  UNION ALL SELECT format('DROP FOREIGN DATA WRAPPER %I CASCADE', fdwname) FROM pg_foreign_data_wrapper WHERE ${LONE}
  UNION ALL SELECT format('DROP ACCESS METHOD %I CASCADE', amname) FROM pg_am WHERE ${LONE}
  UNION ALL SELECT format('DROP LANGUAGE %I CASCADE', lanname) FROM pg_language WHERE ${LONE}
  UNION ALL SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension WHERE ${MADE}
  UNION ALL SELECT format('SELECT lo_unlink(%s)', oid) FROM pg_largeobject_metadata
  UNION ALL SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %1$I REVOKE ALL ON %2$s FROM %3$s;
      ALTER DEFAULT PRIVILEGES FOR ROLE %1$I GRANT ALL ON %2$s TO %1$I', creator, kind, grantees)
      || CASE WHEN kind IN ('FUNCTIONS', 'TYPES')
        THEN format('; ALTER DEFAULT PRIVILEGES FOR ROLE %I GRANT ALL ON %s TO PUBLIC', creator, kind) ELSE '' END
    FROM (SELECT pg_get_userbyid(defaclrole) AS creator,
        CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
          WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS kind,
        (SELECT string_agg(DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, ', ')
          FROM (SELECT grantee FROM aclexplode(defaclacl) UNION ALL SELECT defaclrole) AS a) AS grantees
      FROM pg_default_acl WHERE defaclnamespace = 0) AS d`;

// What initdb gives `public` (src/include/catalog/pg_namespace.dat, src/bin/initdb/initdb.c: setup_privileges).
const COMMENT = "COMMENT ON SCHEMA public IS 'standard public schema'";
const PUBLIC_SINCE_15 = `CREATE SCHEMA public; ${COMMENT}; GRANT USAGE ON SCHEMA public TO PUBLIC;
  ALTER SCHEMA public OWNER TO pg_database_owner`;
const PUBLIC_BEFORE_15 = `CREATE SCHEMA public; ${COMMENT}; GRANT ALL ON SCHEMA public TO PUBLIC`;
/**
 * pg_dump of 13 and 14 writes down whatever differs from pg_init_privs, in which a schema that was made anew is not;
 * from 15 on it knows what is usual for public. Seen on 13.16: a dump after the wipe has one GRANT more.
 */
export const AS_INITIALIZED = `INSERT INTO pg_init_privs (objoid, classoid, objsubid, privtype, initprivs)
  SELECT oid, 'pg_namespace'::regclass, 0, 'i', nspacl FROM pg_namespace WHERE nspname = 'public'`;

interface Server {
  readonly major: number;
  readonly superuser: boolean;
}

const SERVER = `SELECT current_setting('server_version_num')::int / 10000 AS major, rolsuper AS superuser
  FROM pg_roles WHERE rolname = current_user`;

function publicOf({ major, superuser }: Server = { major: 0, superuser: false }): string[] {
  if (major >= 15) return [PUBLIC_SINCE_15];
  return superuser ? [PUBLIC_BEFORE_15, AS_INITIALIZED] : [PUBLIC_BEFORE_15];
}

/** One row for each object that was made in the database and is there, the empty `public` apart. */
const LEFT = `
  SELECT format('relation %s', c.oid::regclass) AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE ${OF_USER}
  UNION ALL SELECT format('schema %I', nspname) FROM pg_namespace WHERE ${OF_USER} AND nspname <> 'public'
  UNION ALL SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE ${MADE}
    AND pronamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_temp')
  UNION ALL SELECT format('extension %I', extname) FROM pg_extension WHERE ${MADE}
  UNION ALL SELECT format('event trigger %I', evtname) FROM pg_event_trigger
  UNION ALL SELECT format('publication %I', pubname) FROM pg_publication
  UNION ALL SELECT format('foreign data wrapper %I', fdwname) FROM pg_foreign_data_wrapper WHERE ${MADE}
  UNION ALL SELECT format('access method %I', amname) FROM pg_am WHERE ${MADE}
  UNION ALL SELECT format('language %I', lanname) FROM pg_language WHERE ${MADE}
  UNION ALL SELECT format('large object %s', oid) FROM pg_largeobject_metadata
  UNION ALL SELECT 'default privileges' FROM pg_default_acl`;

/**
 * A restore into what the wipe left over would prove nothing, so the emptiness is read back.
 * @throws NoVerdictError where anything is left
 */
export async function proveEmpty(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ name: string }>(LEFT);
  const [left] = rows;
  if (left) {
    throw new NoVerdictError({
      what: `the wipe left ${rows.length} object(s), ${left.name} among them`,
      why: 'a restore over what is still there would prove nothing',
      next: 'give the case a fresh target',
    });
  }
}

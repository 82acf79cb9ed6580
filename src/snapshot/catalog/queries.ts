import {
  COMMENTS,
  DATABASE_SETTINGS,
  DEFAULT_PRIVILEGES,
  EVENT_TRIGGERS,
  EXTENSIONS,
  LARGE_OBJECTS,
  publications,
  SCHEMAS,
  SECURITY_LABELS,
} from './database.ts';
import { made, type Sql, users } from './fragments.ts';
import { OTHER_CATALOGS, others, USER_MAPPINGS } from './others.ts';
import {
  DOMAIN_CONSTRAINTS,
  INDEXES,
  POLICIES,
  RULES,
  STATISTICS,
  TABLE_CONSTRAINTS,
  TRIGGERS,
} from './relation-parts.ts';
import { columns, sequencePositions, SEQUENCES, TABLES, VIEWS } from './relations.ts';
import { AGGREGATES, CASTS, FUNCTIONS, OPERATOR_CLASSES, OPERATOR_FAMILIES, OPERATORS } from './routines.ts';
import { COLLATIONS, types } from './types.ts';

/** What has to be known of a database before its catalog can be asked for. */
export interface ServerFacts {
  /** As `server_version_num`: 150018. */
  readonly version: number;
  /** Quoted and schema-qualified, ready for FROM: the position of a sequence is a row of its own relation. */
  readonly sequences: readonly string[];
  /** For each of the rare queries, in order, whether it can have rows. */
  readonly present: readonly boolean[];
}

/** In a fuzz trial, parsing and planning a query on an empty catalog costs a hundred times its run. */
interface RareQuery {
  readonly exists: Sql;
  readonly query: (serverVersion: number) => Sql;
}

const ALWAYS = [SCHEMAS, EXTENSIONS, TABLES, TABLE_CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS, COMMENTS];

const RARE: readonly RareQuery[] = [
  { exists: `pg_class WHERE relkind IN ('v', 'm') AND ${made('oid')}`, query: () => VIEWS },
  { exists: `pg_sequence`, query: () => SEQUENCES },
  // What comes with a table or an array by itself is no type of the user's.
  {
    exists: `pg_type WHERE typrelid = 0 AND typinput <> 'array_in'::regproc AND ${made('oid')}`,
    query: types,
  },
  { exists: `pg_class WHERE relkind = 'c' AND ${made('oid')}`, query: types },
  { exists: `pg_constraint WHERE contypid <> 0 AND ${made('oid')}`, query: () => DOMAIN_CONSTRAINTS },
  { exists: `pg_rewrite WHERE rulename <> '_RETURN' AND ${made('oid')}`, query: () => RULES },
  { exists: `pg_policy`, query: () => POLICIES },
  { exists: `pg_statistic_ext`, query: () => STATISTICS },
  { exists: `pg_proc WHERE prokind = 'a' AND ${made('oid')}`, query: () => AGGREGATES },
  { exists: `pg_cast WHERE ${made('oid')}`, query: () => CASTS },
  { exists: `pg_operator WHERE ${made('oid')}`, query: () => OPERATORS },
  { exists: `pg_opclass WHERE ${made('oid')}`, query: () => OPERATOR_CLASSES },
  { exists: `pg_opfamily WHERE ${made('oid')}`, query: () => OPERATOR_FAMILIES },
  { exists: `pg_collation WHERE ${made('oid')}`, query: () => COLLATIONS },
  { exists: `pg_event_trigger`, query: () => EVENT_TRIGGERS },
  { exists: `pg_publication`, query: publications },
  { exists: `pg_largeobject_metadata`, query: () => LARGE_OBJECTS },
  { exists: `pg_user_mappings`, query: () => USER_MAPPINGS },
  { exists: `pg_seclabel`, query: () => SECURITY_LABELS },
  { exists: `pg_default_acl`, query: () => DEFAULT_PRIVILEGES },
  { exists: `pg_db_role_setting WHERE setdatabase <> 0`, query: () => DATABASE_SETTINGS },
  ...OTHER_CATALOGS.map((catalog) => ({
    exists: `${catalog.name} WHERE ${made('oid')}`,
    query: () => others(catalog),
  })),
];

/** Returns one row: `ServerFacts`. */
export const SERVER_FACTS: Sql = `SELECT current_setting('server_version_num')::int AS version,
  ARRAY(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND ${users('pg_class', 'c.oid', 'c.relnamespace')}) AS sequences,
  ARRAY[${RARE.map(({ exists }) => `EXISTS (SELECT FROM ${exists})`).join(', ')}] AS present`;

/** One query for each kind of object that the database has, each with the columns of `CatalogRow`. */
export function catalogQueries({ version, sequences, present }: ServerFacts): Sql[] {
  const rare = RARE.filter((_, index) => present[index]).map(({ query }) => query(version));
  const positions = sequencePositions(sequences);
  // `types` stands twice.
  return [
    ...new Set([...ALWAYS, columns(version), ...rare, ...(positions === undefined ? [] : [positions])]),
  ];
}

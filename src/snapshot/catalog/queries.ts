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
  /** False where it has no rows. */
  readonly possible: Sql;
  readonly query: (serverVersion: number) => Sql;
}

function exists(rows: Sql): Sql {
  return `EXISTS (SELECT FROM ${rows})`;
}

/** For a catalog that initdb leaves empty: whether it ever had a row, which takes no plan to find out. */
function isUsed(catalog: Sql): Sql {
  return `pg_relation_size('pg_catalog.${catalog}') > 0`;
}

const ALWAYS = [SCHEMAS, EXTENSIONS, TABLES, TABLE_CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS, COMMENTS];

const EMPTY_AT_FIRST = new Set(['pg_foreign_data_wrapper', 'pg_foreign_server', 'pg_transform']);

const RARE: readonly RareQuery[] = [
  { possible: exists(`pg_class WHERE relkind IN ('v', 'm') AND ${made('oid')}`), query: () => VIEWS },
  { possible: isUsed('pg_sequence'), query: () => SEQUENCES },
  // What comes with a table or an array by itself is no type of the user's.
  {
    possible: exists(`pg_type WHERE typrelid = 0 AND typinput <> 'array_in'::regproc AND ${made('oid')}`),
    query: types,
  },
  { possible: exists(`pg_class WHERE relkind = 'c' AND ${made('oid')}`), query: types },
  {
    possible: exists(`pg_constraint WHERE contypid <> 0 AND ${made('oid')}`),
    query: () => DOMAIN_CONSTRAINTS,
  },
  { possible: exists(`pg_rewrite WHERE rulename <> '_RETURN' AND ${made('oid')}`), query: () => RULES },
  { possible: isUsed('pg_policy'), query: () => POLICIES },
  { possible: isUsed('pg_statistic_ext'), query: () => STATISTICS },
  { possible: exists(`pg_proc WHERE prokind = 'a' AND ${made('oid')}`), query: () => AGGREGATES },
  { possible: exists(`pg_cast WHERE ${made('oid')}`), query: () => CASTS },
  { possible: exists(`pg_operator WHERE ${made('oid')}`), query: () => OPERATORS },
  { possible: exists(`pg_opclass WHERE ${made('oid')}`), query: () => OPERATOR_CLASSES },
  { possible: exists(`pg_opfamily WHERE ${made('oid')}`), query: () => OPERATOR_FAMILIES },
  { possible: exists(`pg_collation WHERE ${made('oid')}`), query: () => COLLATIONS },
  { possible: isUsed('pg_event_trigger'), query: () => EVENT_TRIGGERS },
  { possible: isUsed('pg_publication'), query: publications },
  { possible: isUsed('pg_largeobject_metadata'), query: () => LARGE_OBJECTS },
  { possible: isUsed('pg_user_mapping'), query: () => USER_MAPPINGS },
  { possible: isUsed('pg_seclabel'), query: () => SECURITY_LABELS },
  { possible: isUsed('pg_default_acl'), query: () => DEFAULT_PRIVILEGES },
  { possible: exists(`pg_db_role_setting WHERE setdatabase <> 0`), query: () => DATABASE_SETTINGS },
  ...OTHER_CATALOGS.map((catalog) => ({
    possible: EMPTY_AT_FIRST.has(catalog.name)
      ? isUsed(catalog.name)
      : exists(`${catalog.name} WHERE ${made('oid')}`),
    query: () => others(catalog),
  })),
];

/** Returns one row: `ServerFacts`. */
export const SERVER_FACTS: Sql = `SELECT current_setting('server_version_num')::int AS version,
  ARRAY(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND ${users('pg_class', 'c.oid', 'c.relnamespace')}) AS sequences,
  ARRAY[${RARE.map(({ possible }) => possible).join(', ')}] AS present`;

/** One query for each kind of object that the database has, each with the columns of `CatalogRow`. */
export function catalogQueries({ version, sequences, present }: ServerFacts): Sql[] {
  const rare = RARE.filter((_, index) => present[index]).map(({ query }) => query(version));
  const positions = sequencePositions(sequences);
  // `types` stands twice.
  return [
    ...new Set([...ALWAYS, columns(version), ...rare, ...(positions === undefined ? [] : [positions])]),
  ];
}

/** What is compared, in the order in which a reader wants to hear of it: a lost table before its columns and grants. */
export const CATALOG_KINDS = [
  'schema',
  'extension',
  'type',
  'table',
  'column',
  'constraint',
  'index',
  'trigger',
  'policy',
  'rule',
  'statistics',
  'view',
  'materialized-view',
  'sequence',
  'sequence-position',
  'function',
  'aggregate',
  'cast',
  'operator',
  'operator-class',
  'operator-family',
  'collation',
  'event-trigger',
  'publication',
  'large-object',
  'other',
  'comment',
  'security-label',
  'owner',
  'grant',
  'default-privilege',
  'database-setting',
] as const;

export type CatalogKind = (typeof CATALOG_KINDS)[number];

/** One thing a database says about its schema. No two objects of one catalog share kind and identity. */
export interface CatalogObject {
  readonly kind: CatalogKind;
  /** Schema-qualified and quoted where needed; the same after a dump and restore: never an OID or an attnum. */
  readonly identity: string;
  /** Comparable text: what the server prints for it, or lines of `property: value`. */
  readonly definition: string;
}

/** What every catalog query returns, one row per object. */
export interface CatalogRow extends CatalogObject {
  /** Null where the object has no owner of its own (a column, a constraint) or `pg_dump` keeps none. */
  readonly owner: string | null;
  readonly grants: readonly CatalogGrant[] | null;
}

interface CatalogGrant {
  readonly privilege: string;
  readonly grantee: string;
  readonly grantable: boolean;
}

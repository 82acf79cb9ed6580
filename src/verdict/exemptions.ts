import type { Case, DumpFormat } from '../case/case.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';

/** A line `name: value` in the definition of a table, column, index or materialized view. */
export type CatalogProperty =
  | 'tablespace'
  | 'compression'
  | 'access method'
  | 'row security'
  | 'version'
  | 'functions';

interface LeftBehind {
  readonly options: readonly string[];
  readonly kinds?: readonly CatalogKind[];
  readonly properties?: readonly CatalogProperty[];
  /** pg_dump itself heeds the option for scripts only; an archive keeps all, and pg_restore has to be told. */
  readonly scriptsOnly?: boolean;
}

/** Seen by restoring a database that has one of each (PostgreSQL 15); `--no-policies` is of 18, by its source. */
const LEFT_BEHIND: readonly LeftBehind[] = [
  // Everything belongs to the restoring role.
  { options: ['--no-owner', '-O'], kinds: ['owner'], scriptsOnly: true },
  // Neither GRANT nor REVOKE nor ALTER DEFAULT PRIVILEGES: what was revoked from PUBLIC is open again.
  { options: ['--no-acl', '--no-privileges', '-x'], kinds: ['grant', 'default-privilege'] },
  { options: ['--no-comments'], kinds: ['comment'] },
  { options: ['--no-security-labels'], kinds: ['security-label'] },
  // The three spellings of one option; what says something about a large object goes with it.
  { options: ['--no-large-objects', '--no-blobs', '-B'], kinds: ['large-object'] },
  // A publication's owner and comment go with it.
  { options: ['--no-publications'], kinds: ['publication'] },
  // Row security is then off as well: ROW SECURITY entries are skipped with POLICY (pg_backup_archiver.c).
  { options: ['--no-policies'], kinds: ['policy'], properties: ['row security'] },
  // Everything is in the default tablespace of the target.
  { options: ['--no-tablespaces'], properties: ['tablespace'], scriptsOnly: true },
  { options: ['--no-table-access-method'], properties: ['access method'], scriptsOnly: true },
  { options: ['--no-toast-compression'], properties: ['compression'] },
];

type Plans = Pick<Case, 'dump' | 'restore' | 'target' | 'pipeline' | 'upgrade'>;

/**
 * A kind of catalog objects, or one setting of the database, in lower case: `lost` is one that may be missing after the
 * restore, and nothing else.
 */
export type Exempt = CatalogKind | `${'' | typeof LOST}database-setting ${string}`;
const LOST = 'lost ';

/**
 * What of the catalog a plan leaves behind by its own words, decided from the plan and the subject alone. Of the
 * settings of a fresh target it is those that the case gives it, and those that the installation gave the source: pg_dump
 * dumps them with --create only (manual, pg_dump), which makes no fresh target. Installed there as well, they are there.
 */
export function exemptObjects(
  plans: Plans,
  { installed }: Pick<SubjectTraits, 'installed'>,
): ReadonlySet<Exempt> {
  const { target, pipeline } = plans;
  const fresh = target.kind === 'fresh' ? target : undefined;
  const given = Object.keys(fresh?.settings ?? {}).map((name) => name.toLowerCase());
  const left = fresh && !fresh.prepared && !pipeline ? (installed?.settings ?? []) : [];
  return new Set<Exempt>([
    ...leftBehind(plans).flatMap((found) => found.kinds ?? []),
    ...given.map((name): Exempt => `database-setting ${name}`),
    ...left.filter((name) => !given.includes(name)).map((name): Exempt => `${LOST}database-setting ${name}`),
  ]);
}

/** Whether a setting of the database, by its name, may be missing after the restore. */
export function mayBeLost(exempt: ReadonlySet<Exempt>, setting: string): boolean {
  return exempt.has(`${LOST}database-setting ${setting.toLowerCase()}`);
}

/** For people: what is not compared, and of what pg_dump does not dump, the reason. */
export function describeExempt(exempt: Exempt): string {
  return exempt.startsWith(LOST) ? `${exempt.slice(LOST.length)} (in a dump with --create only)` : exempt;
}

/** The properties of catalog objects that a plan leaves behind by its own words, decided from the plan alone. */
export function exemptProperties(plans: Plans): ReadonlySet<CatalogProperty> {
  const properties = new Set(leftBehind(plans).flatMap((found) => found.properties ?? []));
  // CREATE EXTENSION is dumped without its version (manual, pg_dump, Notes): that of the target's server is made, with
  // other functions, such as the fips_mode() that pgcrypto has since 18.
  if (plans.upgrade && plans.upgrade.from !== plans.upgrade.to) properties.add('version').add('functions');
  return properties;
}

/** Catalog objects that are others on another server whatever is dumped, by `kind identity`. */
export interface ServersOwn {
  readonly name: string;
  readonly pattern: RegExp;
}

/** What major versions brought with them. Seen between 13, 15, 17 and 18. */
const SINCE: readonly (ServersOwn & { readonly major: number })[] = [
  // As it was made by initdb, it is not dumped: it belongs to pg_database_owner since 15, and PUBLIC may not create in it.
  {
    major: 15,
    name: 'owner and grants of schema public',
    pattern: /^(?:owner|grant \w+ on) schema public\b/,
  },
  // GRANT ALL, as a dump has it, is more than it was (release notes of 17).
  { major: 17, name: 'grants of MAINTAIN', pattern: /^grant MAINTAIN on / },
];

/** The objects in which the two servers of an upgrade differ by themselves. */
export function serversOwn({ upgrade }: Pick<Case, 'upgrade'>): readonly ServersOwn[] {
  if (!upgrade) return [];
  const { from, to } = upgrade;
  return SINCE.filter(({ major }) => from < major !== to < major);
}

function leftBehind({ dump, restore, pipeline }: Plans): readonly LeftBehind[] {
  if (pipeline) return [{ options: [], kinds: (pipeline.exempt ?? []) as CatalogKind[] }];
  const dumped = new Set(dump.options);
  // psql has options of the same letters, which say something else.
  const restored = new Set(restore.tool === 'psql' ? [] : restore.options);
  return LEFT_BEHIND.filter(({ options, scriptsOnly = false }) =>
    options.some(
      (option) => restored.has(option) || (dumped.has(option) && heeded(dump.format, scriptsOnly)),
    ),
  );
}

function heeded(format: DumpFormat, scriptsOnly: boolean): boolean {
  return format === 'plain' || !scriptsOnly;
}

/** What drawing and predicting have to know of the audited schema; plain data, decided before anything runs. */
export interface SubjectTraits {
  /** As `--table` and `--exclude-table-data` name them: the table of the events, and that of the chain's head. */
  readonly tables: { readonly events: string; readonly head: string };
  /** Which events are refused, and how others are stored; undefined where that is not known. */
  readonly intake: Intake | undefined;
  /** Whether the verifier walks by (time, id), so that rows inserted in another order break it, or as they came. */
  readonly order: 'time' | 'insertion';
  /** Whether text is hashed as the bytes of the database's encoding, or always as UTF-8. */
  readonly hashes: 'server-encoding' | 'utf8';
  /** How its functions find tables and other functions: by the session's search_path, or by their schema. */
  readonly names: 'search-path' | 'qualified';
  /** Whether its triggers heed session_replication_role; those that always fire take no row that has a hash already. */
  readonly triggers: 'origin' | 'always';
  /** The head's row as the installation makes it: always the same bytes, or with the time of the installation. */
  readonly firstHead: 'constant' | 'timed';
  /** What its functions need and a filter by schema leaves out. */
  readonly extension: string | undefined;
  /** What its installation brings besides; absent: nothing. */
  readonly installed?: Installed | undefined;
}

/** What an installation brings besides the events' table and the head's, found by looking at it once for a run. */
export interface Installed {
  readonly tables: number;
  /** Rows of those tables. */
  readonly rows: number;
  /** Whether there are tables in other schemas than public. */
  readonly otherSchemas: boolean;
  /** The different characters beyond ASCII of those rows. */
  readonly characters: readonly string[];
  /** The keys of each JSON object in them with a key beyond ASCII. */
  readonly keys: readonly (readonly string[])[];
  /** Texts in them with more bytes than their column may have characters. */
  readonly bounded: readonly BoundedText[];
  /** Whether names, comments or bodies of functions have characters beyond ASCII. */
  readonly wideDefinitions: boolean;
  /** Settings that it gives its database, in lower case. */
  readonly settings: readonly string[];
  /** Whether there are materialized views: a dump of the data alone does not fill them. */
  readonly materializedViews: boolean;
  /** Whether the usual search_path does not find the subject, but one of the database's own. */
  readonly outOfSight: boolean;
  /** Whether it can be installed a second time on the server: not so where it creates roles. */
  readonly again: boolean;
  /** Whether its triggers meet restored rows as those of the built-in subject do. */
  readonly usualTriggers: boolean;
}

export interface BoundedText {
  readonly text: string;
  /** Characters that the column may have. */
  readonly limit: number;
}

export interface Intake {
  /** Characters that a column may have, of those that have a limit (SQLSTATE 22001 beyond it). */
  readonly limits: Readonly<Partial<Record<LimitedField, number>>>;
  /** The categories that its CHECK takes besides NULL and the default (SQLSTATE 23514 for others). */
  readonly categories: readonly string[];
  /** An infinite time is refused for want of a hash (SQLSTATE 23502), or taken like any other. */
  readonly infinity: 'refused' | 'stored';
}

export type LimitedField = 'actor' | 'actor_type' | 'action' | 'resource_type' | 'resource_id';

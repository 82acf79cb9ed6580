/** What drawing and predicting have to know of the audited schema; plain data, decided before anything runs. */
export interface SubjectTraits {
  /** As `--table` and `--exclude-table-data` name them: the table of the events, and that of the chain's head. */
  readonly tables: { readonly events: string; readonly head: string };
  /** Which events are refused, and how others are stored. */
  readonly intake: Intake;
  /** Whether the verifier walks by (time, id), so that rows inserted in another order break it, or as they came. */
  readonly order: 'time' | 'insertion';
  /** Whether text is hashed as the bytes of the database's encoding, or always as UTF-8. */
  readonly hashes: 'server-encoding' | 'utf8';
  /** How its functions find tables and other functions: by the session's search_path, or by their schema. */
  readonly names: 'search-path' | 'qualified';
  /** Whether its triggers heed session_replication_role; those that always fire take no row that has a hash already. */
  readonly triggers: 'origin' | 'always';
  /** What its functions need and a filter by schema leaves out. */
  readonly extension: string | undefined;
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

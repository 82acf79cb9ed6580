import type { Pipeline } from './pipeline.ts';

/**
 * A case: everything one trial needs, as plain data. This is also the file format `restoreproof.case/v1`, so keys
 * of the database keep the database's names, microseconds are decimal strings, and an absent key is a default.
 */
export interface Case {
  readonly format: 'restoreproof.case/v1';
  readonly workload: Workload;
  readonly dump: DumpPlan;
  readonly restore: RestorePlan;
  readonly target: Target;
  /** An operator's own commands. They are carried out in the place of the dump plan and the restore plan. */
  readonly pipeline?: Pipeline | undefined;
  /** Where the restore goes to another server than the source's; absent: there is one server. */
  readonly upgrade?: Upgrade | undefined;
  /** What is done on purpose to spoil the trial; absent in an honest case. */
  readonly disturbance?: Disturbance | undefined;
}

/** What is written to the source before the dump, in this order, by one session. */
export interface Workload {
  /** Settings of the writing session: `TimeZone`, `DateStyle`. */
  readonly session?: Readonly<Record<string, string>> | undefined;
  /** How many further sessions go on appending events while the dump is taken. */
  readonly writers?: number | undefined;
  /**
   * How many events of the fixed cycle are there before the first transaction: loaded past the triggers, with the chain
   * as the harness computes it.
   */
  readonly loaded?: number | undefined;
  readonly transactions: readonly Transaction[];
}

export interface Transaction {
  /** Absent: committed. */
  readonly end?: 'rollback' | undefined;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** `each` row by an INSERT of its own, all of them `together` in one INSERT, or by one COPY. */
  readonly insert: 'each' | 'together' | 'copy';
  /** Inside a savepoint that is rolled back. */
  readonly savepoint?: 'rollback' | undefined;
  readonly events: readonly AuditEvent[];
}

/** A row of `audit_events` before the triggers complete it. An absent column takes its default. */
export interface AuditEvent {
  readonly id: string;
  readonly actor: string;
  readonly actor_type: string;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string;
  /** JSON text, as written into the jsonb column. */
  readonly details: string | null;
  readonly timestamp?: EventTime | undefined;
  readonly event_category?: string | null | undefined;
}

/** When an event happened. */
export interface EventTime {
  /**
   * What is stored: microseconds since 1970-01-01 00:00 UTC as a decimal string.
   * Absent where the source has to refuse the written form.
   */
  readonly at?: string | undefined;
  /** The literal that is written, read under the workload's session; absent: ISO with offset +00. */
  readonly written?: string | undefined;
}

export const DUMP_FORMATS = ['custom', 'plain', 'directory', 'tar'] as const;
export type DumpFormat = (typeof DUMP_FORMATS)[number];

/** What pg_dump is asked for. */
export interface DumpPlan {
  readonly format: DumpFormat;
  /** As `--compress` takes it: `0` … `9`, and from 16 on `none`, `gzip:6`, `lz4`, `zstd:3`. */
  readonly compress?: string | undefined;
  readonly jobs?: number | undefined;
  /** Absent: COPY. A number: `--rows-per-insert`. */
  readonly rows?: 'inserts' | 'column-inserts' | number | undefined;
  /** Absent: one dump. Otherwise one dump for each section, or one of the schema and one of the data. */
  readonly parts?: 'sections' | 'schema-and-data' | undefined;
  /** Further options, each an argv word: `--no-owner`, `--lock-wait-timeout=5000`. */
  readonly options?: readonly string[] | undefined;
  /** The client's environment: PGTZ, PGDATESTYLE, PGCLIENTENCODING, TZ, LC_ALL, PGOPTIONS. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** How a dump is brought back. */
export interface RestorePlan {
  /** `script` turns the archive into a script by `pg_restore --file`, which psql then runs. A plain dump takes psql. */
  readonly tool: 'pg_restore' | 'psql' | 'script';
  readonly jobs?: number | undefined;
  readonly single_transaction?: boolean | undefined;
  /** `--transaction-size`, from 17 on. */
  readonly transaction_size?: number | undefined;
  /** `--clean --if-exists`. */
  readonly clean?: boolean | undefined;
  /** `--create`: the target database itself is made by the restore. */
  readonly create?: boolean | undefined;
  /** One run of the tool for each section of the one dump. */
  readonly by_section?: boolean | undefined;
  /** `--use-list`: the archive's list as it is, or with neighbours swapped where their dependencies allow. */
  readonly use_list?: 'as-is' | 'reordered' | undefined;
  /** The archive comes by standard input. */
  readonly stdin?: boolean | undefined;
  /** Go on after an error: without `--exit-on-error`, or without `ON_ERROR_STOP`. */
  readonly go_on_after_errors?: boolean | undefined;
  readonly options?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Where the restore goes. */
export type Target = WipedTarget | FreshTarget;

/** The source database itself, emptied. */
interface WipedTarget {
  readonly kind: 'wiped';
}

/** Another database. Absent keys are as in the source. */
export interface FreshTarget {
  readonly kind: 'fresh';
  readonly encoding?: string | undefined;
  readonly provider?: 'libc' | 'icu' | undefined;
  readonly locale?: string | undefined;
  /** Settings of the database: TimeZone, DateStyle, IntervalStyle, search_path, extra_float_digits. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** The subject is installed before the restore, as for a data-only restore into a prepared schema. */
  readonly prepared?: boolean | undefined;
}

/**
 * Two servers, by their major versions, and whose client tools are used. A way back to an older one is told the same way.
 * The target is a fresh database of the server `to`; a wiped one, under `create`, is made there by the restore.
 */
export interface Upgrade {
  readonly from: number;
  readonly to: number;
  readonly dump_by: 'from' | 'to';
  readonly restore_by: 'from' | 'to';
}

/** What is done on purpose to spoil the trial. */
export type Disturbance = SqlDisturbance | MutantDisturbance | DamageDisturbance | InterruptionDisturbance;

/** Done to the restored database, between restore and snapshot. */
interface SqlDisturbance {
  readonly sql: string;
}

/** A fault of the catalogue in `src/mutants/`, by its id. */
interface MutantDisturbance {
  readonly mutant: string;
}

/** Done to the files of the dump, before anything is restored from them. */
interface DamageDisturbance {
  readonly damage: Damage;
}

export const DAMAGES = [
  'bit-flipped',
  'byte-deleted',
  'byte-inserted',
  'blocks-swapped',
  'truncated',
  'file-missing',
  'files-swapped',
] as const;

/** What happened to one file of a dump. Places are fractions from 0 to below 1, since dumps differ in length. */
export interface Damage {
  readonly kind: (typeof DAMAGES)[number];
  /** Which file, by its place among the files of the dump in the order of their names. */
  readonly file: number;
  /** The byte or the block of 512 bytes; where a truncated file ends. */
  readonly at: number;
  /** Which bit of the byte is flipped, from 0, the lowest. */
  readonly bit?: number | undefined;
  /** The byte that is inserted. */
  readonly byte?: number | undefined;
  /** The other block, or the other file, of a swap. */
  readonly other?: number | undefined;
}

/** Done to a client tool or to its server while the tool runs. */
interface InterruptionDisturbance {
  readonly interruption: Interruption;
}

export const INTERRUPTIONS = ['tool-killed', 'connection-terminated', 'server-stopped', 'disk-full'] as const;

/** What comes between a tool and its end, once. */
export interface Interruption {
  readonly kind: (typeof INTERRUPTIONS)[number];
  readonly during: 'dump' | 'restore';
  /**
   * The moment, as a fraction of the time that the dump or the restore takes undisturbed, from 0 to below 1. Under
   * `disk-full` a fraction of the size of its largest file.
   */
  readonly at: number;
}

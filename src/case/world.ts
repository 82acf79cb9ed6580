import type { Version } from '../postgres/version.ts';
import type { SubjectTraits } from './subject-traits.ts';

/** Rows of a workload at most, unless a run asks for more. */
export const USUAL_MAX_ROWS = 60;

/** What the subject, servers and tools at hand can do, and how much they are to do, as far as drawing and predicting depends on it. */
export interface World {
  readonly subject: SubjectTraits;
  readonly server: Version;
  readonly tools: Version;
  /** The methods of `--compress` that this pg_dump was built with: `gzip`, and from 16 on `lz4`, `zstd`. */
  readonly compression: readonly string[];
  /** The libc locales that a database can be created with, as pg_collation names them: `C`, `C.UTF-8`, `de_DE.UTF-8`. */
  readonly locales: readonly string[];
  readonly icu: boolean;
  /** Whether it keeps a version of the row type among the options of columns; seen on 17.12. */
  readonly columnVersions?: boolean | undefined;
  /** Whether triggers can be disabled and other databases' owners set: not so for an ordinary role. */
  readonly superuser: boolean;
  /** The server that upgrades go to, with its tools; absent: there is none. */
  readonly other?: World | undefined;
  /** Of a case that is drawn: where its restore goes, if that is another server. */
  readonly restoring?: World | undefined;
  /** What a dump comes from, where this is the world of its restore on another server. */
  readonly dumped?: World | undefined;
  /** Rows of a workload at most; absent: as usual. */
  readonly maxRows?: number | undefined;
}

/** Whether it is known what the subject takes and refuses. */
export function knowsRules({ subject }: Pick<World, 'subject'>): boolean {
  return subject.intake !== undefined;
}

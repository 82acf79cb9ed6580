import type { AuditEvent, Case } from '../case/case.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';

/** What of a restore a mutant strikes. */
export type Struck = 'rows' | 'chain' | 'schema' | 'behaviour' | 'dump file' | 'options';

/** A realistic fault, put into a trial on purpose: a check or a tool has to report it. */
export interface Mutant {
  readonly id: string;
  /** What is wrong, in a sentence. */
  readonly what: string;
  readonly strikes: Struck;
  /** SQL done to the source after its workload, in this order, so that there is something to strike at. */
  readonly given?: readonly string[] | undefined;
  /** Where it can strike at all; absent: in every case. */
  readonly needs?: Needs | undefined;
  readonly fault: Fault;
  /** Why no check can see it; absent: a check or a tool must. */
  readonly unseen?: string | undefined;
}

/** All of it has to be so. */
interface Needs {
  /** Events in the table, at least. */
  readonly rows?: number | undefined;
  /** The events in the table, in the order of their insertion, are like this. */
  readonly events?: ((events: readonly AuditEvent[]) => boolean) | undefined;
  /** Catalog objects that the plan must not leave behind by its own words. */
  readonly kept?: readonly CatalogKind[] | undefined;
  /** The role is a superuser. */
  readonly superuser?: boolean | undefined;
  readonly plan?: ((trial: Case) => boolean) | undefined;
}

export type EditRows = (rows: readonly string[]) => readonly string[];

/** How it is done, by the moment of the trial. SQL has struck where it changed a row, or changed no row and went through. */
export type Fault =
  /** The restored database, before anybody looks at it. */
  | { readonly at: 'restored'; readonly sql: string }
  /** The source before its snapshot and its dump. */
  | { readonly at: 'source'; readonly sql: string }
  /** The source, which goes on after its dump was taken; its snapshot comes afterwards. */
  | { readonly at: 'dumped source'; readonly sql: string }
  /** The rows of a table in a dump, as COPY has them: characters are bytes. */
  | { readonly at: 'rows of the dump'; readonly table: string; readonly edit: EditRows }
  /** The script of a plain dump, characters being its bytes. */
  | { readonly at: 'script'; readonly edit: (script: string) => string }
  /** What is carried out in place of the plan that the trial is judged by. */
  | { readonly at: 'plan'; readonly change: (trial: Case) => Case };

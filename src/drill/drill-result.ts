import type { ConnectionSettings } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Run } from '../postgres/run-databases.ts';
import type { CatalogKind } from '../snapshot/catalog.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Subject } from '../subject/subject.ts';
import type { CheckResult } from '../verdict/check.ts';
import type { Verdict } from '../verdict/judge.ts';
import type { Refusal } from '../verdict/refusal.ts';
import type { DumpFile } from './dump-file.ts';
import type { ScriptFacts } from './scan-script.ts';

export interface DrillOptions {
  readonly dump: DumpFile;
  readonly engine: Engine;
  readonly subject: Subject;
  /** The source as it was, where somebody asked it. */
  readonly against?: Snapshot | undefined;
  /** Catalog objects not to compare. */
  readonly exempt: readonly CatalogKind[];
  readonly jobs?: number | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (name: DrillStep['name'], detail: string, milliseconds: number) => void;
  /** Told now and then that a step goes on. */
  readonly onWaiting?: ((name: DrillStep['name'], milliseconds: number) => void) | undefined;
  /** The last thing before the database goes away. */
  readonly hold?: ((run: Run, restored: ConnectionSettings) => Promise<void>) | undefined;
}

export interface DrillStep {
  readonly name: 'dump' | 'database' | 'restore' | 'restored snapshot' | 'acts';
  readonly milliseconds: number;
}

/** Without a source a database is `sound` or not; that it is the source's can be said with a snapshot of that only. */
export type DrillVerdict = Verdict | 'sound' | 'unsound';

export interface DrillResult {
  readonly verdict: DrillVerdict;
  readonly checks: readonly CheckResult[];
  readonly refusal?: Refusal | undefined;
  /** What is wrong with the chain of the source itself. */
  readonly sourceFault?: string | undefined;
  readonly facts?: ScriptFacts | undefined;
  readonly restored?: Snapshot | undefined;
  /** The restored database's size, as the server says. */
  readonly databaseBytes?: number | undefined;
  /** Roles that were created for it. */
  readonly roles: readonly string[];
  /** What this drill says nothing about, in sentences. */
  readonly unproven: readonly string[];
  readonly steps: readonly DrillStep[];
}

import { NoVerdictError } from './errors.ts';
import { connect, type Connection, type ConnectionSettings } from './postgres/connection.ts';
import type { ClientTools, ToolRun } from './postgres/client-tools.ts';
import type { Engine } from './postgres/engine.ts';
import type { Account } from './postgres/throwaway-directory.ts';
import type { TargetPlace } from './restore/open-target.ts';
import type { Untried, WormAct } from './snapshot/acts/acts.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import type { Subject } from './subject/subject.ts';
import { exhaustionOf, refusalOf, type Refusal } from './verdict/refusal.ts';
import type { Step, TrialResult } from './verdict/trial-result.ts';

/**
 * Where a trial happens. `database` is one of ours with the subject installed: it is written to, and where the case says
 * so wiped, restored into, or dropped and made anew; after a refused restore with `create` it may be gone.
 */
export interface TrialPlace extends TargetPlace {
  /** They dump, and restore where there are no others for it. */
  readonly tools: ClientTools;
  readonly restoreTools?: ClientTools | undefined;
  readonly subject: Subject;
  /** An existing directory of ours for the dump files; those of an earlier trial are replaced. */
  readonly directory: string;
  /** Of the same workload and by the same dump plan, taken before in `database` and `directory`; absent: it is taken. */
  readonly backup?: Backup | undefined;
  /** Told of the backup that was taken. */
  readonly onBackup?: ((backup: Backup) => void) | undefined;
  /** As whom the commands of a pipeline run; absent: as we do. */
  readonly account?: Account | undefined;
  /** False: the restored database is neither dumped again nor acted upon, which saves about half of the time. */
  readonly thorough?: boolean | undefined;
  /** What is done once more where it was refused; `interrupted` then tells of the first time. */
  readonly again?: 'dump' | 'restore' | undefined;
  /** Whether it is dumped again, which costs more than the acts; absent: as `thorough`. */
  readonly secondDump?: boolean | undefined;
  /** How long the trial may take; absent: as long as it likes. */
  readonly trialMilliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: Step) => void) | undefined;
  /** What is done to the restored database before it is looked at: how it is proven that the checks bite. */
  readonly disturb?: ((connection: Connection) => Promise<void>) | undefined;
  /** Done to the source after its workload, before it is looked at. */
  readonly prepare?: ((source: Connection) => Promise<void>) | undefined;
  /** Something that goes on in the source database until the dump is over. */
  readonly whileDumping?: ((source: ConnectionSettings) => Promise<AsyncDisposable>) | undefined;
  /** A last look at the restored database, after all others. */
  readonly inspect?: ((restored: ConnectionSettings) => Promise<void>) | undefined;
  /** The last thing before the databases go away, also after a refusal; told of a server of the trial's own. */
  readonly hold?:
    | ((
        databases: { source: ConnectionSettings; target: ConnectionSettings; own?: Engine },
        result: TrialResult,
        judge?: JudgeAnother,
      ) => Promise<void>)
    | undefined;
}

/** The source of a case, written and dumped: several restores can start from it, as they do from a backup. */
export interface Backup {
  /** The source before its dump. */
  readonly source: Snapshot;
  /** What it does about changes of its events; undefined where the trial is not thorough. */
  readonly forbidden?: WormAct | Untried | undefined;
  readonly archives: readonly string[];
  /** Where the first of two dumps was refused. */
  readonly interrupted?: Refusal | undefined;
}

/** The verdict, had another database come out of the restore. Absent where none came out. */
export type JudgeAnother = (restored: ConnectionSettings) => Promise<Judged>;
export type Judged = Required<Pick<TrialResult, 'verdict' | 'checks' | 'restored'>>;

/**
 * A tool also exits non-zero where its server is gone, or memory or a disk is full, and that says nothing about the plan.
 * @throws NoVerdictError then
 */
export async function requireOwnFault(
  run: ToolRun,
  { maintenance, database, restoreTools }: TrialPlace,
  struck: boolean | undefined,
): Promise<void> {
  const { stage, firstErrorLine } = refusalOf(run);
  // What a tool says under a fault on purpose is about the fault.
  const exhaustion = struck === undefined ? exhaustionOf(run) : undefined;
  if (exhaustion !== undefined) {
    throw new NoVerdictError({
      what: `memory, a disk or the connections gave out during ${stage}`,
      why: exhaustion,
      next: 'make room on the machine of the tool and of the server, then run again',
    });
  }
  try {
    await using _ = await connect(maintenance);
    // Between two servers the source is still there.
    await using source = restoreTools && (await connect(database));
    await source?.query('SELECT');
  } catch (cause) {
    throw new NoVerdictError({
      what: `the server gave way during ${stage}`,
      why: firstErrorLine,
      next: 'look into the log of the server and at its disk, then run again',
      cause,
    });
  }
}

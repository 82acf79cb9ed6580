import { giveDatabaseSettings, type DatabaseSetting } from './database-settings.ts';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSubject } from '../case/case-file.ts';
import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import { dumpCommands } from '../dump/dump-commands.ts';
import type { CreateDatabaseOptions } from '../postgres/create-database.ts';
import type { Engine } from '../postgres/engine.ts';
import type { OwnedDatabase, Run } from '../postgres/run-databases.ts';
import { roundTrip } from '../round-trip.ts';
import type { Backup, TrialPlace } from '../trial-place.ts';
import type { Subject } from '../subject/subject.ts';
import type { Step, TrialResult } from '../verdict/trial-result.ts';
import { betweenServers, type OtherServer } from './between-servers.ts';
import { openOwnServer } from './own-server.ts';

/** What all lanes of a run share. */
export interface LaneGround {
  readonly engine: Engine;
  readonly run: Run;
  readonly world: World;
  readonly subject: Subject;
  /** How case files name the subject. */
  readonly recorded?: CaseSubject | undefined;
  /** A database with the subject installed and no events, which nobody is connected to. */
  readonly template: OwnedDatabase;
  /** Those of the template, which its copies have to be given. */
  readonly databaseSettings?: readonly DatabaseSetting[] | undefined;
  /** The server that upgrades go to; absent: there is none. */
  readonly other?: OtherServer | undefined;
  /** An existing directory of ours. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  /** How long one trial may take; absent: as long as it likes. */
  readonly trialMilliseconds?: number | undefined;
  /** The last look at the databases of each trial, before they go away. */
  readonly hold?: TrialPlace['hold'];
}

export type TrialOptions = Partial<
  Pick<
    TrialPlace,
    | 'tools'
    | 'again'
    | 'thorough'
    | 'secondDump'
    | 'prepare'
    | 'whileDumping'
    | 'inspect'
    | 'hold'
    | 'trialMilliseconds'
  >
>;

/** A database and a directory for one source. */
type LanePlace = Pick<TrialPlace, 'database' | 'directory'> & AsyncDisposable;

/**
 * One sequence of trials, each with databases and a directory of its own, which go away with the trial. Where backups
 * are shared, trials of one workload and dump that follow one another restore the same backup, each after a wipe.
 */
export class Lane implements AsyncDisposable {
  readonly ground: LaneGround;
  private readonly name: string;
  private trials = 0;
  private steps: Step[] = [];
  private readonly sharing: boolean;
  private kept: { readonly key: string; readonly place: LanePlace; backup?: Backup } | undefined;

  /** @param sharing whether a backup stays for the next trial; the lane has to be disposed of then */
  constructor(ground: LaneGround, name: string, { sharing = false } = {}) {
    this.ground = ground;
    this.name = name;
    this.sharing = sharing;
  }

  /** The stages of all round trips since it was last asked. */
  takeSteps(): readonly Step[] {
    const taken = this.steps;
    this.steps = [];
    return taken;
  }

  /** A database with the subject and no events. */
  async source(): Promise<OwnedDatabase> {
    const { run, template, databaseSettings = [] } = this.ground;
    const source = await run.create({ template: template.name, label: `${this.name} source` });
    if (databaseSettings.length > 0) await giveDatabaseSettings(source.settings, databaseSettings);
    return source;
  }

  /** @throws NoVerdictError and connection errors, where infrastructure gave way */
  async roundTrip(trial: Case, options: TrialOptions = {}): Promise<TrialResult> {
    const { engine, run, subject, signal, hold, trialMilliseconds } = this.ground;
    const onStep = (step: Step): unknown => this.steps.push(step);
    const shared = { subject, signal, hold, trialMilliseconds, onStep, secondDump: false, ...options };
    if (trial.pipeline?.scope === 'cluster') {
      await using server = await openOwnServer(engine, subject, signal);
      const holdOwn: TrialPlace['hold'] =
        hold && ((databases, ...seen) => hold({ ...databases, own: server.engine }, ...seen));
      return await roundTrip(trial, {
        ...server,
        ...shared,
        hold: holdOwn,
        createTarget: () => run.create(),
      });
    }
    const between = trial.upgrade && betweenServers(trial.upgrade, this.ground);
    const to = between?.to ?? { engine, run };
    const own = {
      tools: between?.tools ?? engine.tools,
      restoreTools: between?.restoreTools,
      maintenance: to.engine.connectionTo(to.engine.maintenanceDatabase),
      createTarget: (target: CreateDatabaseOptions) =>
        to.run.create({ ...target, label: `${this.name} target` }),
      adoptTarget: between && ((name: string) => between.to.run.adopt(name)),
      ...shared,
    };
    const key = this.sharing ? backupKey(trial, own) : undefined;
    if (key !== undefined) return await this.fromSharedBackup(trial, key, own);
    await using place = await this.newPlace();
    return await roundTrip(trial, { ...own, ...place });
  }

  /** Lets go of the backup that the next trial could have shared. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { kept } = this;
    this.kept = undefined;
    await kept?.place[Symbol.asyncDispose]();
  }

  private async fromSharedBackup(
    trial: Case,
    key: string,
    place: Omit<TrialPlace, 'database' | 'directory'>,
  ): Promise<TrialResult> {
    if (this.kept?.key !== key) {
      await this[Symbol.asyncDispose]();
      this.kept = { key, place: await this.newPlace() };
    }
    const { kept } = this;
    const onBackup = (backup: Backup): unknown => (kept.backup = backup);
    let result: TrialResult | undefined;
    try {
      result = await roundTrip(trial, { ...place, ...kept.place, backup: kept.backup, onBackup });
      return result;
    } finally {
      // The source database may be another one now, or gone.
      if (!result || result.verdict === 'refused' || trial.restore.create) await this[Symbol.asyncDispose]();
    }
  }

  private async newPlace(): Promise<LanePlace> {
    const directory = await this.newDirectory();
    const source = await this.source();
    return {
      database: source.settings,
      directory: directory.path,
      [Symbol.asyncDispose]: async () => {
        await source[Symbol.asyncDispose]();
        await directory[Symbol.asyncDispose]();
      },
    };
  }

  /** A directory of the lane's, which goes away at the end of the block. */
  async newDirectory(): Promise<{ path: string } & AsyncDisposable> {
    // Error lines that differ in their paths only are of one kind; a path ends where a space is.
    const path = join(this.ground.directory, `${this.name.replaceAll(' ', '-')}-${this.trials++}`);
    await mkdir(path);
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }
}

/** What makes two backups the same; undefined for a trial that wants one of its own. */
function backupKey(
  trial: Case,
  { tools, ...place }: Omit<TrialPlace, 'database' | 'directory'>,
): string | undefined {
  const { workload, dump, disturbance, pipeline, upgrade } = trial;
  const { prepare, whileDumping, hold, again } = place;
  if (disturbance || pipeline || upgrade || prepare || whileDumping || hold || again) return undefined;
  // A dump that is a script depends on its restore.
  return JSON.stringify([workload, dump, dumpCommands(trial, ''), tools.version]);
}

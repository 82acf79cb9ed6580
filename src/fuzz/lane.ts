import { giveDatabaseSettings, type DatabaseSetting } from './database-settings.ts';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSubject } from '../case/case-file.ts';
import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import type { Engine } from '../postgres/engine.ts';
import type { OwnedDatabase, Run } from '../postgres/run-databases.ts';
import { roundTrip, type TrialPlace } from '../round-trip.ts';
import type { Subject } from '../subject/subject.ts';
import type { Step, TrialResult } from '../verdict/trial-result.ts';
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

/** One sequence of trials, each with databases and a directory of its own, which go away with the trial. */
export class Lane {
  readonly ground: LaneGround;
  private readonly name: string;
  private trials = 0;
  private steps: Step[] = [];

  constructor(ground: LaneGround, name: string) {
    this.ground = ground;
    this.name = name;
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
      return await roundTrip(trial, { ...server, ...shared, createTarget: () => run.create() });
    }
    await using directory = await this.newDirectory();
    await using source = await this.source();
    return await roundTrip(trial, {
      tools: engine.tools,
      database: source.settings,
      maintenance: engine.connectionTo(engine.maintenanceDatabase),
      createTarget: (target) => run.create({ ...target, label: `${this.name} target` }),
      directory: directory.path,
      ...shared,
    });
  }

  /** A directory of the lane's, which goes away at the end of the block. */
  async newDirectory(): Promise<{ path: string } & AsyncDisposable> {
    const path = join(this.ground.directory, `${this.name}-${this.trials++}`);
    await mkdir(path);
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }
}

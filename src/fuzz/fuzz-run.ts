import { availableParallelism } from 'node:os';
import type { Found } from '../case/case-file.ts';
import type { Case, Disturbance } from '../case/case.ts';
import { lineWithPath, RestoreproofError } from '../errors.ts';
import { Counterexample } from './counterexample.ts';
import { isCanary, type Canary } from './canary.ts';
import { casesOf, familiesOf, type DrawnCase } from './case-at.ts';
import { drawAt } from './draw.ts';
import { Lane, type LaneGround } from './lane.ts';
import type { FuzzResult, Origin, Outcome, ReportedFinding, RunEnd } from './outcome.ts';
import type { FuzzObserver, FuzzPlan, Work } from './fuzz-plan.ts';
import type { Finding, Property } from './property.ts';
import { shrink } from './shrink/shrink.ts';
import { signatureOf } from './signature.ts';

/** Trials that end without a verdict one after another: nothing good is to be expected of the next. */
const MOST_FAILURES_IN_A_ROW = 3;

/** One run: the corpus first, then lanes side by side until the cases or the time are over. */
export class FuzzRun {
  private readonly outcomes: Outcome[] = [];
  private readonly canaries: Canary[] = [];
  private readonly findings = new Map<string, ReportedFinding | 'being shrunk'>();
  private readonly countedMeanwhile = new Map<string, number>();
  private failuresInARow = 0;
  /** Whether a case that a lane had taken was left out. */
  private cutShort = false;
  private started = 0;
  private readonly plan: FuzzPlan;
  private readonly ground: LaneGround;
  private readonly observer: FuzzObserver;

  constructor(plan: FuzzPlan, ground: LaneGround, observer: FuzzObserver = {}) {
    this.plan = plan;
    for (const found of plan.known ?? []) this.findings.set(found.signature, { ...found });
    this.ground = ground;
    this.observer = observer;
  }

  async run(): Promise<FuzzResult> {
    this.started = performance.now();
    const work = this.work();
    const count = this.plan.lanes ?? availableParallelism();
    const names = Array.from({ length: count }, (_, index) => `lane ${index + 1}`);
    await Promise.all(names.map((name) => this.runLane(name, work)));
    return {
      end: this.endOf(work),
      outcomes: this.outcomes,
      canaries: this.canaries,
      findings: [...this.findings.values()].filter((finding) => finding !== 'being shrunk'),
      milliseconds: performance.now() - this.started,
    };
  }

  /** Lanes take from one iterator, family by family, so that no case is tried twice and none waits for a busy lane. */
  private *work(): Generator<readonly Work[], void> {
    const { corpus, given = [], fault, indices } = this.plan;
    for (const { file, trial, property } of corpus) {
      yield [{ origin: { corpus: file }, property, trial: disturbed(trial, fault) }];
    }
    for (const work of given) yield [{ ...work, trial: disturbed(work.trial, fault) }];
    for (const family of familiesOf(indices, this.casesWithCanaries())) {
      yield family.map(({ index, property, trial }) => ({
        origin: { index },
        property,
        trial: disturbed(trial, fault),
      }));
    }
  }

  private casesWithCanaries(): (index: number) => DrawnCase | undefined {
    const { canary, properties, seed } = this.plan;
    const caseAt = casesOf(properties, this.ground.world, seed);
    if (!canary) return caseAt;
    const canaries = canary.draw(this.ground.world);
    return (index) =>
      isCanary(seed, index) ? { property: canary, trial: drawAt(canaries, seed, index) } : caseAt(index);
  }

  private async runLane(name: string, work: ReturnType<FuzzRun['work']>): Promise<void> {
    await using lane = new Lane(this.ground, name, { sharing: true });
    while (!this.mustStop()) {
      const next = work.next();
      if (next.done) return;
      for (const { origin, property, trial } of next.value) {
        this.cutShort ||= this.mustStop();
        if (!this.cutShort) await this.tryCase(lane, origin, property, trial);
      }
    }
  }

  private mustStop(): boolean {
    return this.stopReason() !== undefined;
  }

  private stopReason(): RunEnd | undefined {
    if (this.ground.signal?.aborted) return 'interrupted';
    if (this.failuresInARow >= MOST_FAILURES_IN_A_ROW) return 'infrastructure';
    if (this.plan.deadline !== undefined && performance.now() >= this.plan.deadline) return 'time is up';
    return undefined;
  }

  /** A run whose work was used up ended well, even where the time ended with it. */
  private endOf(work: ReturnType<FuzzRun['work']>): RunEnd {
    const stopped = this.stopReason();
    if (stopped === undefined || stopped === 'time is up')
      return !this.cutShort && work.next().done ? 'all cases' : 'time is up';
    return stopped;
  }

  private async tryCase(lane: Lane, origin: Origin, property: Property, trial: Case): Promise<void> {
    const begun = performance.now();
    // What a trial before it left behind, shrinking for one, is not this one's.
    lane.takeSteps();
    const tell = (rest: Pick<Outcome, 'verdict' | 'predicted' | 'why' | 'signature' | 'tallies'>): void => {
      const labels = this.plan.classify(trial);
      const now = performance.now();
      const times = { at: now - this.started, milliseconds: now - begun, steps: lane.takeSteps() };
      const outcome = { origin, property: property.name, labels, ...times, ...rest };
      this.outcomes.push(outcome);
      this.observer.onOutcome?.(outcome);
    };
    try {
      const judged = await property.judge(trial, lane);
      this.failuresInARow = 0;
      const { verdict, predicted, finding, tallies, mutant } = judged;
      const flew = property === this.plan.canary && 'index' in origin && mutant;
      if (flew) this.tellCanary({ ...mutant, mutant: mutant.id, index: origin.index });
      else tell({ verdict, predicted, signature: finding && signatureOf(property.name, finding), tallies });
      if (finding) await this.pursueOrKeep(lane, origin, property, trial, finding);
    } catch (error) {
      // What is torn down by an interruption is no outcome.
      if (this.ground.signal?.aborted) return;
      this.failuresInARow++;
      tell({ verdict: 'no-verdict', predicted: 'not judged', why: describe(error) });
    }
  }

  private tellCanary({ index, mutant, struck, killed }: Canary): void {
    const canary = { index, mutant, struck, killed };
    this.canaries.push(canary);
    this.observer.onCanary?.(canary);
  }

  /** A finding that cannot be written down is a finding all the same, and ends the run: the next could not be either. */
  private async pursueOrKeep(...found: Parameters<FuzzRun['pursue']>): Promise<void> {
    const [, origin, property, trial, finding] = found;
    try {
      await this.pursue(...found);
    } catch (error) {
      const signature = signatureOf(property.name, finding);
      const shrunk = { trial, trials: 0, end: 'interrupted' } as const;
      const { directory } = new Counterexample(this.plan.counterexamples, signature);
      const kept = {
        signature,
        property: property.name,
        origin,
        finding,
        shrunk,
        original: trial,
        directory,
        unwritten: describe(error),
        count: 1,
      };
      this.findings.set(signature, kept);
      this.failuresInARow = MOST_FAILURES_IN_A_ROW;
    }
  }

  /** One finding of a signature is shrunk and written down; later ones are counted. */
  private async pursue(
    lane: Lane,
    origin: Origin,
    property: Property,
    trial: Case,
    finding: Finding,
  ): Promise<void> {
    const signature = signatureOf(property.name, finding);
    const known = this.findings.get(signature);
    if (known !== undefined) {
      if (known === 'being shrunk')
        this.countedMeanwhile.set(signature, (this.countedMeanwhile.get(signature) ?? 0) + 1);
      else known.count++;
      return;
    }
    this.findings.set(signature, 'being shrunk');
    const found = this.describeOrigin(origin, property, signature);
    const counterexample = new Counterexample(this.plan.counterexamples, signature, this.ground.recorded);
    await counterexample.writeUnshrunk(trial, found);
    this.observer.onShrinking?.(signature, finding);

    let smallest = finding;
    const fails = async (simpler: Case): Promise<boolean> => {
      const again = await judgeQuietly(property, simpler, lane);
      if (!again || signatureOf(property.name, again) !== signature) return false;
      smallest = again;
      return true;
    };
    const shrunk = await shrink(trial, {
      fails,
      budgetMilliseconds: this.shrinkBudget(),
      signal: this.ground.signal,
    });
    await counterexample.writeCase(shrunk.trial, found);
    const reported: ReportedFinding = {
      signature,
      property: property.name,
      origin,
      finding: smallest,
      shrunk,
      original: trial,
      directory: counterexample.directory,
      count: 1,
    };
    const reproduced = await this.observer.onFinding?.(reported);
    // Counted last: cases of other lanes came in while this one was shrunk and reproduced.
    const count = 1 + (this.countedMeanwhile.get(signature) ?? 0);
    this.findings.set(signature, { ...reported, reproduced, count });
  }

  private shrinkBudget(): number {
    const { deadline, shrinkMilliseconds } = this.plan;
    if (deadline === undefined) return shrinkMilliseconds;
    return Math.max(0, Math.min(shrinkMilliseconds, deadline - performance.now()));
  }

  private describeOrigin(origin: Origin, property: Property, signature: string): Found {
    const { server, tools } = this.ground.world;
    return {
      property: property.name,
      ...('index' in origin ? { seed: this.plan.seed, index: origin.index } : {}),
      signature,
      server: server.text,
      tools: tools.text,
    };
  }
}

function disturbed(trial: Case, fault: Disturbance | undefined): Case {
  return fault === undefined || trial.disturbance ? trial : { ...trial, disturbance: fault };
}

/** A simpler case that cannot be judged is not one that fails the same way. */
async function judgeQuietly(property: Property, trial: Case, lane: Lane): Promise<Finding | undefined> {
  try {
    return (await property.judge(trial, lane)).finding;
  } catch {
    return undefined;
  }
}

function describe(error: unknown): string {
  const why = error instanceof RestoreproofError && error.why !== undefined ? `: ${error.why}` : '';
  return `${lineWithPath(error)}${why}`;
}

import { availableParallelism } from 'node:os';
import type { Case } from '../src/case/case.ts';
import { drawAt } from '../src/fuzz/draw.ts';
import { drawFaithfulCase } from '../src/fuzz/draw-mutant-case.ts';
import { judgeByPrediction } from '../src/fuzz/judge-trial.ts';
import { Lane, type LaneGround } from '../src/fuzz/lane.ts';
import { fitting } from '../src/fuzz/selftest/fits.ts';
import { shrink } from '../src/fuzz/shrink/shrink.ts';
import { simplerPlans } from '../src/fuzz/shrink/simpler-plans.ts';
import { signatureOf } from '../src/fuzz/signature.ts';
import { MUTANTS } from '../src/mutants/catalogue.ts';
import type { Mutant } from '../src/mutants/mutant.ts';
import { onThrowawayServer } from './throwaway-server.ts';
import { median, type Table } from './table.ts';

const SEED = 7;
/** Cases looked through for one that a mutant fits, and that it then fails. */
const MOST_CASES = 60;
const BUDGET_MILLISECONDS = 120_000;

/** One mutant found in a drawn case and shrunk. */
interface Shrunken {
  readonly mutant: string;
  readonly trials: number;
  readonly rows: number;
  /** Simpler plans that fail the same way: options that could have gone back to their default. */
  readonly couldGo: number;
  readonly end: string;
}

/** How many trials it takes from a finding to a minimal case, with each mutant as the finding. */
export async function shrinking(): Promise<Table> {
  return await onThrowawayServer(async (ground) => {
    const mutants = MUTANTS.filter(({ unseen }) => unseen === undefined).values();
    const shrunken: Shrunken[] = [];
    const run = async (name: string): Promise<void> => {
      await using lane = new Lane(ground, name, { sharing: true });
      for (const mutant of mutants) {
        const result = await shrinkOne(mutant, ground, lane);
        if (result) shrunken.push(result);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, (_, lane) => run(`bench ${lane}`)));
    const slowest = shrunken.toSorted((a, b) => b.trials - a.trials).slice(0, 10);
    const left = shrunken.filter(({ rows, couldGo }) => rows > 2 || couldGo > 0);
    return {
      title: `From a finding to a minimal case: ${shrunken.length} mutants, each in a drawn case`,
      columns: ['slowest, and what was left', 'trials', 'rows', 'options that could go', 'end'],
      rows: [...new Set([...slowest, ...left])].map(({ mutant, trials, rows, couldGo, end }) => [
        mutant,
        trials,
        rows,
        couldGo,
        end,
      ]),
      ratios: [
        {
          name: 'median of the trials',
          value: median(shrunken.map(({ trials }) => trials)),
          goal: { most: 40 },
        },
        {
          name: 'rows left, at most',
          value: Math.max(...shrunken.map(({ rows }) => rows)),
          goal: { most: 2 },
        },
        {
          name: 'options that could have gone back, in all',
          value: shrunken.reduce((sum, { couldGo }) => sum + couldGo, 0),
          goal: { most: 0 },
        },
      ],
    };
  });
}

/** Undefined where no case was drawn that fits the mutant and shows it. */
async function shrinkOne(mutant: Mutant, ground: LaneGround, lane: Lane): Promise<Shrunken | undefined> {
  const cases = drawFaithfulCase(ground.world);
  for (let index = 0; index < MOST_CASES; index++) {
    const trial = drawAt(cases, SEED, index);
    if (fitting([mutant], trial, ground.world).length === 0) continue;
    const found: Case = { ...trial, disturbance: { mutant: mutant.id } };
    const signature = await signatureIn(found, lane);
    if (signature === undefined) continue;
    const fails = async (simpler: Case): Promise<boolean> => (await signatureIn(simpler, lane)) === signature;
    const {
      trial: smallest,
      trials,
      end,
    } = await shrink(found, {
      fails,
      budgetMilliseconds: BUDGET_MILLISECONDS,
    });
    return {
      mutant: mutant.id,
      trials,
      rows: rowsOf(smallest),
      couldGo: await optionsThatCouldGo(smallest, fails),
      end,
    };
  }
  return undefined;
}

async function signatureIn(trial: Case, lane: Lane): Promise<string | undefined> {
  try {
    const { finding } = await judgeByPrediction(trial, lane, { secondDump: true });
    return finding && signatureOf('shrinking', finding);
  } catch {
    return undefined;
  }
}

async function optionsThatCouldGo(
  smallest: Case,
  fails: (simpler: Case) => Promise<boolean>,
): Promise<number> {
  const text = JSON.stringify(smallest);
  let count = 0;
  for (const simpler of simplerPlans(smallest)) {
    if (JSON.stringify(simpler) !== text && (await fails(simpler))) count++;
  }
  return count;
}

function rowsOf({ workload }: Case): number {
  const statements = workload.transactions.flatMap((transaction) => transaction.statements);
  return statements.reduce((sum, { events }) => sum + events.length, 0);
}

import { execa } from 'execa';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FuzzRun } from '../src/fuzz/fuzz-run.ts';
import type { LaneGround } from '../src/fuzz/lane.ts';
import { smokeCase } from '../src/case/smoke-case.ts';
import { connect, libpqEnvironment } from '../src/postgres/connection.ts';
import type { Engine } from '../src/postgres/engine.ts';
import type { OwnedDatabase } from '../src/postgres/run-databases.ts';
import { applyWorkload } from '../src/workload/apply-workload.ts';
import { everyFaithfulPlanIsFaithful } from '../properties/every-faithful-plan-is-faithful.ts';
import { cpuSeconds } from './cpu.ts';
import { onThrowawayServer } from './throwaway-server.ts';
import { median, type Table } from './table.ts';

const ROUNDS = 5;
const FLOOR_LOOPS = 15;
/** Whole families, which share a dump, and so many that the last one's wait for the other lane is a small part. */
const TRIALS = 48;
const SEED = 1;
const SCRIPT = fileURLToPath(new URL('../../bench/floor.sh', import.meta.url));

/** A number of round trips: how long they took on the clock, on all CPUs and of the harness's one thread, in seconds. */
interface Measured {
  readonly trips: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly thread: number;
}

/** The harness with generated cases and all checks, against a shell loop that does only what no harness can avoid. */
export async function trials(): Promise<Table> {
  const cores = availableParallelism();
  return await onThrowawayServer(async (ground) => {
    const floors: Measured[] = [];
    const harness: Measured[] = [];
    await using sources = await floorSources(ground, cores);
    for (let round = 0; round < ROUNDS; round++) {
      floors.push(await measured(ground.engine, () => runFloor(ground, sources.names)));
      harness.push(await measured(ground.engine, () => runHarness(ground, cores, round)));
    }
    const cost = ({ trips, cpu }: Measured): number => cpu / trips;
    const row = (name: string, all: readonly Measured[]) => [
      name,
      median(all.map(rateOf)),
      median(all.map(cost)),
    ];
    const ratio = (of: (each: Measured) => number): number =>
      median(harness.map((each, round) => of(each) / of(floors[round] as Measured)));
    return {
      title: `Trials against the bare loop, ${cores} side by side, ${ROUNDS} rounds in turn`,
      columns: ['', 'trials/s', 'CPU s/trial'],
      rows: [
        row('shell loop: pg_dump, CREATE DATABASE, pg_restore, DROP DATABASE', floors),
        row('harness', harness),
      ],
      ratios: [
        { name: 'trials per second, harness to loop', value: ratio(rateOf), goal: { least: 0.9 } },
        { name: 'CPU seconds per trial, harness to loop', value: ratio(cost), goal: { most: 1.2 } },
      ],
    };
  });
}

/** One lane against several, in turn with as many shell loops. */
export async function lanes(): Promise<Table> {
  return await onThrowawayServer(async (ground) => {
    const counts = [1, 2, 4];
    const harness = counts.map((): Measured[] => []);
    const floors = counts.map((): Measured[] => []);
    await using sources = await floorSources(ground, Math.max(...counts));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, count] of counts.entries()) {
        harness[index]?.push(await measured(ground.engine, () => runHarness(ground, count, round)));
        const names = sources.names.slice(0, count);
        floors[index]?.push(await measured(ground.engine, () => runFloor(ground, names)));
      }
    }
    const gain = (all: readonly Measured[][], index: number): number =>
      median((all[index] ?? []).map((one, round) => rateOf(one) / rateOf(all[0]?.[round] as Measured)));
    return {
      title: `Lanes on ${availableParallelism()} cores, ${ROUNDS} rounds in turn with as many shell loops`,
      columns: [
        'lanes',
        'trials/s',
        'times one lane',
        'loops, times one loop',
        'thread busy, ms/trial',
        'trials/s that fill it',
      ],
      rows: counts.map((count, index) => {
        const all = harness[index] ?? [];
        const thread = median(all.map(({ trips, thread: busy }) => (busy * 1000) / trips));
        return [
          count,
          median(all.map(rateOf)),
          gain(harness, index),
          gain(floors, index),
          thread,
          1000 / thread,
        ];
      }),
      ratios: [
        { name: '2 lanes to 1', value: gain(harness, 1), goal: { least: 1.8 } },
        {
          name: 'what 2 lanes gain to what 2 loops gain',
          value: gain(harness, 1) / gain(floors, 1),
          goal: { least: 1 },
        },
      ],
    };
  });
}

function rateOf({ trips, seconds }: Measured): number {
  return trips / seconds;
}

async function measured(engine: Engine, work: () => Promise<number>): Promise<Measured> {
  const [begun, before, loop] = [performance.now(), cpuSeconds(engine), performance.eventLoopUtilization()];
  const trips = await work();
  return {
    trips,
    seconds: (performance.now() - begun) / 1000,
    cpu: cpuSeconds(engine) - before,
    // Also where it is held up, as while a program is being started.
    thread: performance.eventLoopUtilization(loop).active / 1000,
  };
}

/** Databases with the fixed rows, one a loop. */
async function floorSources(
  ground: LaneGround,
  count: number,
): Promise<{ readonly names: readonly string[] } & AsyncDisposable> {
  const databases: OwnedDatabase[] = [];
  for (let index = 0; index < count; index++) {
    const database = await ground.run.create({ template: ground.template.name });
    await using connection = await connect(database.settings);
    await applyWorkload(connection, smokeCase(24).workload, ground.subject.writing);
    databases.push(database);
  }
  return {
    names: databases.map(({ name }) => name),
    [Symbol.asyncDispose]: async () => {
      for (const database of databases) await database[Symbol.asyncDispose]();
    },
  };
}

async function runFloor({ engine, directory }: LaneGround, names: readonly string[]): Promise<number> {
  const env = {
    ...libpqEnvironment(engine.connectionTo(engine.maintenanceDatabase)),
    PATH: `${engine.tools.directory}:${process.env['PATH']}`,
  };
  await Promise.all(
    names.map((name) => execa('sh', [SCRIPT, String(FLOOR_LOOPS), name, directory], { env })),
  );
  return FLOOR_LOOPS * names.length;
}

/** The same cases for every number of lanes, as a run of `fuzz` draws and tries them; other ones in each round. */
async function runHarness(ground: LaneGround, count: number, round: number): Promise<number> {
  const run = new FuzzRun(
    {
      seed: SEED,
      indices: Array.from({ length: TRIALS }, (_, index) => round * TRIALS + index),
      lanes: count,
      properties: [everyFaithfulPlanIsFaithful],
      corpus: [],
      shrinkMilliseconds: 0,
      counterexamples: `${ground.directory}/counterexamples`,
      classify: () => [],
    },
    ground,
  );
  const { findings, outcomes } = await run.run();
  const unjudged = outcomes.find(({ verdict }) => verdict === 'no-verdict');
  const surprise = findings[0]?.finding.summary ?? unjudged?.why;
  if (surprise !== undefined) throw new Error(`seed ${SEED} does not go as predicted: ${surprise}`);
  return TRIALS;
}

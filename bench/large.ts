import { execa } from 'execa';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedCycle, smokeCase } from '../src/case/smoke-case.ts';
import { packageRoot } from '../src/package-root.ts';
import { connect, type Connection } from '../src/postgres/connection.ts';
import { copyBatches } from '../src/postgres/copy-binary.ts';
import { openEngine } from '../src/postgres/open-engine.ts';
import { openRun, type Run } from '../src/postgres/run-databases.ts';
import { auditChain } from '../src/subject/audit-chain.ts';
import { loadChain } from '../src/subject/load-chain.ts';
import { applyWorkload } from '../src/workload/apply-workload.ts';
import { exponent, median, type Series, type Table } from './table.ts';

const SIZES = [10_000, 100_000, 1_000_000];
/** The smaller, the more often: a short run is disturbed more easily. */
const ROUNDS_OF: Readonly<Record<number, number>> = { 10_000: 5, 100_000: 3, 1_000_000: 1 };
const WALK_ROUNDS = 5;
const WALK_ROWS = 1_000_000;

interface SmokeRun {
  readonly steps: readonly { readonly name: string; readonly milliseconds: number }[];
  readonly memory_peak_bytes: number;
}

/** `smoke` with ten thousand to a million rows: what a row costs in each stage, and how much memory the harness takes. */
export async function large(): Promise<Table> {
  const runs = new Map<number, SmokeRun[]>();
  for (const rows of SIZES) {
    const measured: SmokeRun[] = [];
    for (let round = 0; round < (ROUNDS_OF[rows] ?? 1); round++) measured.push(await smoke(rows));
    runs.set(rows, measured);
  }
  const of = (rows: number, figure: (run: SmokeRun) => number): number =>
    median((runs.get(rows) ?? []).map(figure));
  const stage =
    (name: string) =>
    ({ steps }: SmokeRun): number =>
      steps.find((step) => step.name === name)?.milliseconds ?? 0;
  const whole = ({ steps }: SmokeRun): number =>
    steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const stages = runs.get(SIZES[0] ?? 0)?.[0]?.steps.map(({ name }) => name) ?? [];
  const perRow = (name: string, figure: (run: SmokeRun) => number): Series => ({
    name,
    points: SIZES.map((rows) => ({ x: rows, y: (of(rows, figure) * 1000) / rows })),
  });
  const series = [...stages.map((name) => perRow(name, stage(name))), perRow('all of it', whole)];
  const memory = SIZES.map((rows) => of(rows, (run) => run.memory_peak_bytes) / 1e6);
  const growth = exponent(SIZES.map((rows) => ({ x: rows, y: of(rows, whole) })));
  const { ratio, walk, verifier } = await walkAgainstVerifier();
  return {
    title: 'Microseconds a row by stage of smoke, and the resident memory of the harness at its peak in MB',
    columns: ['rows', ...SIZES.map(String)],
    rows: [
      ...series.map(({ name, points }) => [name, ...points.map(({ y }) => y)]),
      ['memory', ...memory],
      [`chain walked in TypeScript`, '', '', walk],
      [`audit_events_verify_chain()`, '', '', verifier],
    ],
    series: { x: 'rows', y: 'microseconds a row', all: series },
    ratios: [
      { name: 'exponent by which time grows with rows, fitted', value: growth, goal: { most: 1.1 } },
      { name: 'memory at a million rows, MB', value: memory.at(-1) ?? NaN, goal: { most: 200 } },
      { name: 'time of the walk to that of the SQL verifier', value: ratio, goal: { most: 1 } },
    ],
  };
}

/** In a process of its own, whose memory is that of nothing else. */
async function smoke(rows: number): Promise<SmokeRun> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const file = join(directory, 'smoke.json');
    const program = `${packageRoot}dist/src/cli/main.js`;
    await execa(process.execPath, [program, 'smoke', '--rows', String(rows), '--json', file]);
    return JSON.parse(await readFile(file, 'utf8')) as SmokeRun;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** On the same rows, in turn; microseconds a row. */
async function walkAgainstVerifier(): Promise<{ ratio: number; walk: number; verifier: number }> {
  return await onThrowawayServer(async (run) => {
    await using database = await run.create();
    await using connection = await connect(database.settings);
    await auditChain.install(connection);
    await loadChain(connection, auditChain, fixedCycle(WALK_ROWS));
    await connection.query('VACUUM ANALYZE audit_events');
    const [walks, verifications]: [number[], number[]] = [[], []];
    for (let round = 0; round < WALK_ROUNDS; round++) {
      verifications.push(await timed(() => connection.query(auditChain.verifyQuery)));
      walks.push(await timed(() => walkOnce(connection)));
    }
    const ratios = walks.map((walk, round) => walk / (verifications[round] ?? NaN));
    const perRow = (all: readonly number[]): number => (median(all) * 1000) / WALK_ROWS;
    return { ratio: median(ratios), walk: perRow(walks), verifier: perRow(verifications) };
  });
}

async function walkOnce(connection: Connection): Promise<void> {
  const walk = auditChain.newChainWalk();
  for await (const batch of copyBatches(connection, auditChain.chainQuery)) walk.add(batch);
  const { rows, fault } = walk.finish();
  if (rows !== WALK_ROWS || fault !== null) throw new Error(`the chain is not whole: ${fault}`);
}

const TRIGGER_SIZES = [1000, 2000, 4000, 8000, 16_000];

/** The same rows through the triggers in one transaction, in many, and loaded past them. */
export async function triggers(): Promise<Table> {
  const ways: Readonly<Record<string, (connection: Connection, rows: number) => Promise<unknown>>> = {
    'one transaction': (connection, rows) =>
      applyWorkload(connection, inOneTransaction(rows), auditChain.writing),
    'transactions of 250': (connection, rows) =>
      applyWorkload(connection, smokeCase(rows, false).workload, auditChain.writing),
    'loaded with their chain': (connection, rows) => loadChain(connection, auditChain, fixedCycle(rows)),
  };
  return await onThrowawayServer(async (run) => {
    const all: Series[] = [];
    for (const [name, write] of Object.entries(ways)) {
      const points: { x: number; y: number }[] = [];
      for (const rows of TRIGGER_SIZES) {
        await using database = await run.create();
        await using connection = await connect(database.settings);
        await auditChain.install(connection);
        points.push({ x: rows, y: ((await timed(() => write(connection, rows))) * 1000) / rows });
      }
      all.push({ name, points });
    }
    const growth = ({ points }: Series): number => 1 + exponent(points);
    return {
      title: 'Microseconds a row to write the trail, and the exponent by which time grows with rows',
      columns: ['rows', ...TRIGGER_SIZES.map(String), 'exponent'],
      rows: all.map((series) => [series.name, ...series.points.map(({ y }) => y), growth(series)]),
      series: { x: 'rows', y: 'microseconds a row', all },
      ratios: [],
    };
  });
}

function inOneTransaction(rows: number) {
  const { transactions } = smokeCase(rows, false).workload;
  return { transactions: [{ statements: transactions.flatMap(({ statements }) => statements) }] };
}

async function onThrowawayServer<T>(work: (run: Run) => Promise<T>): Promise<T> {
  await using engine = await openEngine({ engine: 'local', download: false, say: () => undefined });
  await using run = await openRun(engine);
  return await work(run);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

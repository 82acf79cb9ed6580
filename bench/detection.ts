import { casesToDetection, type Detection } from '../src/fuzz/detection.ts';
import type { World } from '../src/case/world.ts';
import { MUTANTS } from '../src/mutants/catalogue.ts';
import { auditChain } from '../src/subject/audit-chain.ts';
import { nothingIsLostSilently } from '../properties/nothing-is-lost-silently.ts';
import { median, type Table } from './table.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const CASES = 1000;
const GOAL = 500;

const VERSION = { major: 17, minor: 6, text: '17.6' };

/** A world that depends on no machine, so that the table is the same wherever it is made. */
const WORLD: World = {
  subject: auditChain.traits,
  server: VERSION,
  tools: VERSION,
  compression: ['gzip', 'lz4', 'zstd'],
  locales: ['C', 'C.UTF-8', 'POSIX'],
  icu: true,
  superuser: true,
};

/** Cases of `fuzz --explore` until each hazard and each mutant comes first, drawn and not run. */
export async function detection(): Promise<Table> {
  const draw = nothingIsLostSilently.draw(WORLD);
  const found = casesToDetection({ world: WORLD, draw, seeds: SEEDS, most: CASES, mutants: MUTANTS });
  const worstOf = ({ cases }: Detection): number => Math.max(...cases);
  // Those without a goal come last.
  const goalless = ({ kind }: Detection): number => (kind === 'rejection' ? 1 : 0);
  const sorted = found.toSorted((a, b) => goalless(a) - goalless(b) || worstOf(b) - worstOf(a));
  const worst = (kind: Detection['kind']) => ({
    name: `cases until the last ${kind} comes, worst of ${SEEDS.length} seeds`,
    value: Math.max(...found.filter((one) => one.kind === kind).map(worstOf)),
    goal: { most: GOAL },
  });
  return {
    title: `Cases of --explore until each comes first, ${SEEDS.length} seeds of ${CASES} cases`,
    columns: ['', '', 'median', 'worst'],
    rows: sorted.map((one) => [one.kind, one.id, upTo(median(one.cases)), upTo(worstOf(one))]),
    ratios: [worst('hazard'), worst('mutant')],
  };
}

function upTo(cases: number): string {
  return Number.isFinite(cases) ? String(cases) : `over ${CASES}`;
}

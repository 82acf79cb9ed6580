import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  auditChain,
  casesOf,
  classifyCase,
  classRates,
  hardened,
  leastCount,
  POPULATIONS,
  renderRates,
  type Population,
  type Property,
  type World,
} from '../src/index.ts';
import { PROPERTIES } from './all.ts';

const LOCALES = ['C', 'C.UTF-8', 'POSIX'];
const MANY_LOCALES = ['de_DE', 'en_US', 'fr_FR', 'ja_JP', 'tr_TR'].map((name) => `${name}.UTF-8`);

function worldOf(major: number, minor: number, more: Partial<World> = {}): World {
  const version = { major, minor, text: `${major}.${minor}` };
  return {
    subject: auditChain.traits,
    server: version,
    tools: version,
    compression: major >= 16 ? ['gzip', 'lz4', 'zstd'] : ['gzip'],
    locales: LOCALES,
    icu: true,
    superuser: true,
    ...more,
  };
}

/** Worlds as different as they come. */
const WORLDS: readonly World[] = [
  // Debian's glibc calls its other locale C.utf8, and musl has none.
  worldOf(13, 14, { locales: ['C', 'POSIX'] }),
  worldOf(15, 18),
  worldOf(15, 18, { superuser: false, icu: false }),
  worldOf(17, 6, { locales: [...LOCALES, ...MANY_LOCALES] }),
  worldOf(18, 1),
];

/** What a run draws from; properties that need a server of a kind are left out on others. */
function propertySets(population: Population): (readonly Property[])[] {
  if (population.endsWith('explore')) {
    return [PROPERTIES.filter(({ name }) => name === 'nothing-is-lost-silently')];
  }
  return [PROPERTIES, PROPERTIES.filter(({ needs }) => needs === undefined)];
}

/** How many of the cases are of each class. */
function countClasses(properties: readonly Property[], world: World, cases: number): Map<string, number> {
  const caseAt = casesOf(properties, world, SEED);
  const counts = new Map<string, number>();
  for (let index = 0; index < cases; index++) {
    const drawn = caseAt(index);
    if (!drawn) throw new Error('no property was chosen');
    for (const label of classifyCase(drawn.trial, world)) {
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
  }
  return counts;
}

const SEED = 31;

/** The least rate of each class, over all worlds. */
function measure(population: Population, cases: number): Map<string, number> {
  const { traits: subject } = population.startsWith('hardened') ? hardened : auditChain;
  const counted = WORLDS.flatMap((world) =>
    propertySets(population).map((properties) => countClasses(properties, { ...world, subject }, cases)),
  );
  const labels = new Set(counted.flatMap((counts) => [...counts.keys()]));
  const least = (label: string): number => Math.min(...counted.map((counts) => counts.get(label) ?? 0));
  return new Map([...labels].map((label) => [label, (least(label) * 1000) / cases]));
}

test.runIf(process.env['UPDATE_RATES'] === '1')('rates are measured', { timeout: 3_600_000 }, async () => {
  const measured = POPULATIONS.map((population) => measure(population, 1500));
  const labels = new Set(measured.flatMap((rates) => [...rates.keys()]));
  const rates = new Map(
    [...labels].map((label) => [label, measured.map((of) => of.get(label) ?? 0)] as const),
  );
  expect(rates.size).toBeGreaterThan(200);
  await writeFile(new URL('../src/fuzz/class-rates.tsv', import.meta.url), renderRates(rates));
});

// Where a class is drawn less often now: see why, and whether it still is often enough; then measure anew.
test.each(['audit-chain explore', 'audit-chain'] as const)(
  'what a run is held to is what is drawn: %s',
  (population) => {
    const CASES = 400;
    const rates = Object.entries(classRates(population));
    const [properties = []] = propertySets(population);
    const counts = countClasses(properties, worldOf(16, 10), CASES);
    const missed = rates.filter(([label, rate]) => (counts.get(label) ?? 0) < leastCount(rate / 1000, CASES));
    expect(missed).toEqual([]);
    expect(rates.length).toBeGreaterThan(200);
  },
);

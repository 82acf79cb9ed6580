import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** How often classes are drawn, in 1000 cases. */
export type ClassRates = Readonly<Record<string, number>>;

/** The populations that rates are of, in the order of the columns. */
export const POPULATIONS = ['audit-chain explore', 'audit-chain', 'hardened explore', 'hardened'] as const;
export type Population = (typeof POPULATIONS)[number];

/** What a run draws from: of a subject, the whole space only, or all properties by their weights. */
export function populationOf({ subject, explore }: { subject: string; explore: boolean }): Population {
  return `${subject === 'hardened' ? 'hardened' : 'audit-chain'}${explore ? ' explore' : ''}`;
}

/** The classes of a population, each with the rate that it has at least, whatever the versions, locales and role. */
export function classRates(population: Population): ClassRates {
  const column = POPULATIONS.indexOf(population);
  const rates = readRates().map(([label, numbers]): [string, number] => [label, numbers[column] ?? 0]);
  return Object.fromEntries(rates.filter(([, rate]) => rate > 0));
}

/** One line for each class: the rate in each population, and the label, with tabs between. */
export function renderRates(rates: ReadonlyMap<string, readonly number[]>): string {
  return [...rates]
    .filter(([, numbers]) => Math.max(...numbers) >= LEAST_RATE)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, numbers]) => [...numbers.map((rate) => rate.toFixed(1)), label].join('\t'))
    .join('\n')
    .concat('\n');
}

/** Rarer classes are left to chance. */
const LEAST_RATE = 2;

/** Measured: `UPDATE_RATES=1 npx vitest run properties/class-rates.test.ts` writes the file. */
function readRates(): [string, number[]][] {
  const lines = readFileSync(join(packageRoot, 'src/fuzz/class-rates.tsv'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const words = line.split('\t');
    return [words.slice(POPULATIONS.length).join(), words.slice(0, POPULATIONS.length).map(Number)];
  });
}

import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { carryOver } from '../case/carry-over.ts';
import { caseFacts } from '../case/case-facts.ts';
import type { World } from '../case/world.ts';
import { readCaseFile } from '../case/case-file.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { BUILT_IN_SUBJECTS } from '../subject/built-in.ts';
import { hardened } from '../subject/hardened.ts';
import type { Hazard } from '../verdict/hazard.ts';
import { HAZARDS } from '../verdict/hazards.ts';
import { predict } from '../verdict/predict.ts';
import { renderHazards, type HazardOnPage } from './hazards-page.ts';

const page = new URL('../../docs/hazards.md', import.meta.url);
const corpus = new URL('../../properties/corpus/', import.meta.url).pathname;
const MINORS: Readonly<Record<number, number>> = { 13: 16, 15: 18, 17: 12, 18: 6 };

/** A server of a major version with its tools, as they were when the hazards between versions were seen. */
function worldOf(major: number, traits: World['subject']): World {
  const minor = MINORS[major] ?? 0;
  const version = { major, minor, text: `${major}.${minor}` };
  const rest = { compression: [], locales: [], icu: true, superuser: true, columnVersions: major === 17 };
  return { subject: traits, server: version, tools: version, ...rest };
}

/** Predictions only. `verdict/hazards.test.ts` and `fuzz/between-servers.e2e.test.ts` hold each of them by a run. */
async function onPage(hazard: Hazard): Promise<HazardOnPage> {
  const { trial, subject } = await readCaseFile(`${corpus}${hazard.id}.json`);
  const from = subject === 'hardened' ? hardened : auditChain;
  const shows = BUILT_IN_SUBJECTS.map(({ name, traits }) => {
    const { from: source, to } = trial.upgrade ?? { from: 15, to: 15 };
    const world = { ...worldOf(source, traits), other: worldOf(to, traits) };
    const carried = carryOver(trial, from.traits, traits);
    const prediction = predict(carried, caseFacts(carried.workload, traits), world);
    const found = 'hazard' in prediction ? prediction.hazard : undefined;
    return [name, { verdict: prediction.verdict, hazard: found }] as const;
  });
  return { hazard, shows: Object.fromEntries(shows) };
}

const rendering = Promise.all(HAZARDS.map(onPage)).then(renderHazards);

// `UPDATE_DOCS=1 npx vitest run src/report/hazards-page.test.ts` writes it.
test('docs/hazards.md is the registry', async () => {
  const rendered = await rendering;
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, rendered);
  expect(await readFile(page, 'utf8')).toBe(rendered);
});

test('every hazard has its heading, and its row links to it', async () => {
  for (const { id } of HAZARDS) {
    expect(await rendering).toContain(`\n### ${id}\n`);
    expect(await rendering).toContain(`](#${id})`);
  }
});

test('a hazard that is one of only one subject says what the other shows', async () => {
  const rendered = await rendering;
  expect(rendered).toMatch(/\(#ties-in-another-order\) \| drifted \| \*\*faithful\*\* \|/);
  expect(rendered).toMatch(/\(#always-triggers-become-ordinary\) \| \*\*faithful\*\* \| drifted \|/);
  expect(rendered).toMatch(/\(#triggers-fire-on-data\) \| refused \| refused: \[`triggers-refuse-data`\]/);
  expect(rendered).toMatch(/\(#psql-goes-on\) \| lossy \| lossy \|/);
});

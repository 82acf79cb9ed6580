import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { HAZARDS } from '../verdict/hazards.ts';
import { renderHazards } from './hazards-page.ts';

const page = new URL('../../docs/hazards.md', import.meta.url);

// `UPDATE_DOCS=1 npx vitest run src/report/hazards-page.test.ts` writes it.
test('docs/hazards.md is the registry', async () => {
  const rendered = renderHazards(HAZARDS);
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, rendered);
  expect(await readFile(page, 'utf8')).toBe(rendered);
});

test('every hazard has its heading, and its row links to it', () => {
  const rendered = renderHazards(HAZARDS);
  for (const { id } of HAZARDS) {
    expect(rendered).toContain(`\n### ${id}\n`);
    expect(rendered).toContain(`](#${id})`);
  }
});

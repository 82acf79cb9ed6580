import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { renderReportFormat } from './report-format-page.ts';

const page = new URL('../../docs/report-format.md', import.meta.url);

// `UPDATE_DOCS=1 npx vitest run src/report/report-format-page.test.ts` writes it.
test('docs/report-format.md is the schema', async () => {
  const rendered = renderReportFormat();
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(page, rendered);
  expect(await readFile(page, 'utf8')).toBe(rendered);
});

test('keys of objects in lists are there, and what may be absent is marked', () => {
  const rendered = renderReportFormat();
  expect(rendered).toContain(
    '| `findings[].checks[].source?` | string | of a failed check: what the source had |',
  );
  expect(rendered).toContain('| `format` | `restoreproof.report/v1` |  |');
  expect(rendered).toContain('| `cases[].classes` | array of integer |');
});

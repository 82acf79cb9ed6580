import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { large, triggers } from './large.ts';
import { plotOf } from './plot.ts';
import { reaches, tableLines, type Table } from './table.ts';
import { shrinking } from './shrinking.ts';
import { detection } from './detection.ts';
import { start } from './start.ts';
import { writeIntoPage } from './write-page.ts';
import { lanes, trials } from './trials.ts';

/** The tables of docs/performance.md, in its order. */
const TABLES: Readonly<Record<string, () => Promise<Table>>> = {
  trials,
  lanes,
  start,
  large,
  triggers,
  shrinking,
  detection,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    plots: { type: 'string' },
    /** A page with places for tables: docs/performance.md. */
    page: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !(name in TABLES));
if (unknown.length > 0) {
  console.error(
    `bench: there is no table ${unknown.join(', ')}; the tables are ${Object.keys(TABLES).join(', ')}`,
  );
  process.exit(2);
}

const measured: Record<string, Table> = {};
for (const [name, measure] of Object.entries(TABLES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const table = await measure();
  measured[name] = table;
  for (const line of tableLines(table)) console.log(line);
  const plot = plotOf(table);
  if (plot !== undefined && values.plots !== undefined)
    await writeFile(join(values.plots, `${name}.svg`), plot);
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(measured, null, 2)}\n`);
if (values.page !== undefined) await writeIntoPage(values.page, measured);
process.exitCode = Object.values(measured).every(({ ratios }) => ratios.every(reaches)) ? 0 : 1;

import { readFile, writeFile } from 'node:fs/promises';
import { tableLines, type Table } from './table.ts';

/** `<!-- bench: NAME -->`, or `<!-- bench: NAME 12 -->` for its first rows alone, and the block below it. */
const BLOCK = /(<!-- bench: (\w+)(?: (\d+))? -->\n\n```text\n)[^]*?(```\n)/g;

/** Puts tables where a page has a place for them, and leaves the blocks of all others as they are. */
export async function writeIntoPage(page: string, tables: Readonly<Record<string, Table>>): Promise<void> {
  const text = await readFile(page, 'utf8');
  const written = text.replaceAll(
    BLOCK,
    (block: string, before: string, name: string, most: string | undefined, after: string) => {
      const table = tables[name];
      if (!table) return block;
      const lines = tableLines(most === undefined ? table : firstRows(table, Number(most)));
      return `${before}${lines.slice(1).join('\n')}\n${after}`;
    },
  );
  await writeFile(page, written);
}

function firstRows(table: Table, most: number): Table {
  if (table.rows.length <= most) return table;
  return { ...table, rows: table.rows.slice(0, most), more: table.rows.length - most };
}

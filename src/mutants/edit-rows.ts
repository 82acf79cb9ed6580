import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { EditRows } from './mutant.ts';

/** A script whose rows of one table, as COPY has them, are others. Characters are bytes. */
export function editRows(script: string, table: string, edit: EditRows): string {
  const block = new RegExp(`^(COPY \\S+\\.("?)${table}\\2 .*\\n)((?:.*\\n)*?)(\\\\\\.\\n)`, 'm');
  return script.replace(block, (_, head: string, __, rows: string, end: string) => {
    return `${head}${editLines(rows, edit)}${end}`;
  });
}

/**
 * Changes the rows of one table in a directory archive. Its file is named in the table of contents behind the COPY
 * statement (pg_backup_archiver.c, WriteToc; pg_backup_directory.c, _WriteExtraToc), and has the rows and `\\.`.
 *
 * @returns whether the file is another one; false where the archive has none, as that of `--section=pre-data`
 */
export async function editTableFile(archive: string, table: string, edit: EditRows): Promise<boolean> {
  const contents = await readFile(join(archive, 'toc.dat'), 'latin1');
  const named = new RegExp(`COPY \\S+\\.("?)${table}\\1 .*\\n[^]*?(\\d+\\.dat)`).exec(contents)?.[2];
  if (named === undefined) return false;
  for (const { suffix, unpack, pack } of PACKED) {
    const file = join(archive, `${named}${suffix}`);
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined) continue;
    const before = unpack(bytes).toString('latin1');
    const after = before.replace(/^(?:.*\n)*?(?=\\\.\n)/, (rows) => editLines(rows, edit));
    if (after === before) return false;
    await writeFile(file, pack(Buffer.from(after, 'latin1')));
    return true;
  }
  return false;
}

const PACKED = [
  { suffix: '', unpack: (bytes: Buffer) => bytes, pack: (bytes: Buffer) => bytes },
  { suffix: '.gz', unpack: (bytes: Buffer) => gunzipSync(bytes), pack: (bytes: Buffer) => gzipSync(bytes) },
];

/** Lines with the ends they have. */
function editLines(text: string, edit: EditRows): string {
  return edit(text.split('\n').slice(0, -1))
    .map((line) => `${line}\n`)
    .join('');
}

/** A script whose rows of one table, as COPY has them, are others. */
export function editRows(
  script: string,
  table: string,
  edit: (rows: readonly string[]) => readonly string[],
): string {
  const block = new RegExp(`^(COPY \\S+\\.("?)${table}\\2 .*\\n)((?:.*\\n)*?)(\\\\\\.\\n)`, 'm');
  return script.replace(block, (_, head: string, __, rows: string, end: string) => {
    const lines = edit(rows.split('\n').slice(0, -1));
    return `${head}${lines.map((line) => `${line}\n`).join('')}${end}`;
  });
}

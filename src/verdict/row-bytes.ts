import type { RowDifference } from '../snapshot/locate-differences.ts';
import type { TableSnapshot } from '../snapshot/snapshot.ts';
import { describeRefusal } from '../text/refusal.ts';
import { describeCell } from '../text/cell.ts';
import { sameDigest } from '../text/same-digest.ts';
import { failed, held, type CheckResult, type Evidence } from './check.ts';

interface Difference {
  readonly summary: string;
  readonly source: string;
  readonly restored: string;
}

/** How many differing tables are told one by one. */
const MOST_TABLES = 3;

/** Every column of every row of every table has the same bytes. */
export function checkRowBytes(evidence: Evidence): CheckResult {
  const { source } = evidence;
  const differences = differencesOf(evidence);
  const [first] = differences;
  if (!first) {
    const rows = source.tables.reduce((sum, table) => sum + table.rows, 0);
    return held('row-bytes', `${rows} rows of ${source.tables.length} tables, every column`);
  }
  const told = differences.slice(0, MOST_TABLES).map(({ summary }) => summary);
  const more = differences.length - told.length;
  if (more > 0) told.push(`${more} more ${more === 1 ? 'table differs' : 'tables differ'}`);
  return failed('row-bytes', told.join('; '), first.source, first.restored);
}

function differencesOf({ source, restored, located = [] }: Evidence): Difference[] {
  const restoredByName = new Map(restored.tables.map((table) => [table.name, table]));
  const known = new Set(source.tables.map(({ name }) => name));
  const compared = source.tables.map((before) => {
    const after = restoredByName.get(before.name);
    const place = located.find(({ table }) => table === before.name);
    return after ? compareTables(before, after, place) : goneTable(before);
  });
  const added = restored.tables.filter(({ name }) => !known.has(name)).map(addedTable);
  return [...compared, ...added].filter((difference) => difference !== undefined);
}

function goneTable({ name, rows }: TableSnapshot): Difference {
  return { summary: `table ${name} is gone`, source: `${rows} rows`, restored: 'no such table' };
}

function addedTable({ name, rows }: TableSnapshot): Difference {
  return {
    summary: `table ${name} was not there before`,
    source: 'no such table',
    restored: `${rows} rows`,
  };
}

/** Undefined where both tables hold the same rows. */
function compareTables(
  source: TableSnapshot,
  restored: TableSnapshot,
  located: RowDifference | undefined,
): Difference | undefined {
  const shapes = [source, restored].map((table) => JSON.stringify(table.columns));
  if (shapes[0] !== shapes[1]) {
    const [before, after] = [source, restored].map(({ columns }) =>
      columns.map(({ name, type }) => `${name} ${type}`).join(', '),
    );
    return {
      summary: `table ${source.name}: the columns differ`,
      source: before ?? '',
      restored: after ?? '',
    };
  }
  if (source.unreadable ?? restored.unreadable) return unreadableTable(source, restored);
  if (sameDigest(source.digest, restored.digest) && source.rows === restored.rows) return undefined;
  if (located) return describeDifference(source, restored, located);
  return {
    summary: `table ${source.name}: the bytes differ; in which row is not known`,
    source: `${source.rows} rows, digest ${source.digest}`,
    restored: `${restored.rows} rows, digest ${restored.digest}`,
  };
}

/** Of rows that cannot be read on one side nothing is known, and of none on either side still less. */
function unreadableTable(source: TableSnapshot, restored: TableSnapshot): Difference {
  const [before = '', after = ''] = [source, restored].map(({ rows, unreadable }) =>
    unreadable ? describeRefusal(unreadable) : `${rows} rows`,
  );
  return { summary: `table ${source.name}: its rows cannot be read`, source: before, restored: after };
}

function describeDifference(
  source: TableSnapshot,
  restored: TableSnapshot,
  { kind, position, source: before, restored: after, column }: RowDifference,
): Difference {
  const place = `table ${source.name}: row ${position}`;
  const columnName = source.columns[column ?? -1]?.name;
  const row = {
    source: before === undefined ? `no row; ${source.rows} rows in all` : `row ${before}`,
    restored: after === undefined ? `no row; ${restored.rows} rows in all` : `row ${after}`,
  };
  switch (kind) {
    case 'changed':
      return {
        summary: `${place} (${before}): column ${columnName} differs`,
        ...describeValues(source, restored, position, column),
      };
    case 'missing':
      return { summary: `${place} (${before}) is missing`, ...row };
    case 'added':
      return { summary: `${place} (${after}) was not there before`, ...row };
    case 'replaced':
      return {
        summary: `${place} (${before}): another row stands here, from column ${columnName} on`,
        ...row,
      };
    case 'moved':
      return { summary: `${place} (${before}): the rows stand in another order`, ...row };
  }
}

/** Values are at hand for small tables only. */
function describeValues(
  source: TableSnapshot,
  restored: TableSnapshot,
  position: number,
  column = -1,
): Pick<Difference, 'source' | 'restored'> {
  const shape = source.columns[column];
  const [before, after] = [source, restored].map(({ values }) => values?.[position - 1]?.[column]);
  if (shape && before !== undefined && after !== undefined) {
    const type = shape.as_text ? 'text' : shape.type;
    return { source: describeCell(before, type), restored: describeCell(after, type) };
  }
  return { source: `digest ${source.digest}`, restored: `digest ${restored.digest}` };
}

/** What one measurement has found, as plain data: printed as a table, and written as JSON. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** How many rows were left out behind them. */
  readonly more?: number | undefined;
  /** The same as lines of a plot, where that shows more. */
  readonly series?: { readonly x: string; readonly y: string; readonly all: readonly Series[] } | undefined;
  /** The figures that a goal is set for. */
  readonly ratios: readonly Ratio[];
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Ratio {
  readonly name: string;
  readonly value: number;
  /** What the value should be at least or at most. */
  readonly goal: { readonly least: number } | { readonly most: number };
}

export function reaches({ value, goal }: Ratio): boolean {
  return 'least' in goal ? value >= goal.least : value <= goal.most;
}

/** A table as lines for a terminal: columns aligned, numbers to the right. */
export function tableLines({ title, columns, rows, more, ratios }: Table): string[] {
  const cells = [columns, ...rows].map((row) => row.map(show));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const numeric = columns.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const align = (cell: string, column: number): string =>
    numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const lines = cells.map((row) => `  ${row.map(align).join('  ')}`.trimEnd());
  if (more !== undefined) lines.push(`  … and ${more} more`);
  return ['', title, ...lines, ...ratios.map(ratioLine)];
}

function ratioLine(ratio: Ratio): string {
  const { name, value, goal } = ratio;
  const wanted = 'least' in goal ? `at least ${goal.least}` : `at most ${goal.most}`;
  return `  ${name}: ${show(value)} (${wanted} is the goal${reaches(ratio) ? '' : ': NOT REACHED'})`;
}

function show(cell: string | number): string {
  if (typeof cell === 'string') return cell;
  return Number.isInteger(cell) ? String(cell) : cell.toFixed(cell >= 100 ? 0 : 2);
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

/** The exponent b of the power law y = a x^b that fits best: the slope of a line through the points' logarithms. */
export function exponent(points: readonly Point[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: (point: Point) => number): number =>
    logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const [x, y] = [mean((log) => log.x), mean((log) => log.y)];
  return mean((log) => (log.x - x) * (log.y - y)) / mean((log) => (log.x - x) ** 2);
}

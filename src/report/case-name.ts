import type { Origin } from '../fuzz/outcome.ts';
import type { ReportCase } from './report.ts';

/** What a case is called: `case 17`, or the name of the file in the corpus. */
export function caseName({ index, name }: Pick<ReportCase, 'index' | 'name'>): string {
  return index === undefined ? (name ?? 'a case') : `case ${index}`;
}

/** What a case is called that has no index. */
export function nameOf(origin: Exclude<Origin, { readonly index: number }>): string {
  if ('corpus' in origin) return origin.corpus;
  const { way, format, number } = origin;
  return `${way}, ${format}, ${number === 0 ? 'the fixed cycle' : `case ${number}`}`;
}

import type { ReportCase } from './report.ts';

/** What a case is called: `case 17`, or the name of the file in the corpus. */
export function caseName({ index, name }: Pick<ReportCase, 'index' | 'name'>): string {
  return index === undefined ? (name ?? 'a case') : `case ${index}`;
}

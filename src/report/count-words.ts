import type { Report } from './report.ts';
import { plural } from '../text/plural.ts';

/** How much was tried, in words: `120 cases`, `133 mutants`, `1 dump`; of several commands all of it. */
export function countWords({ command, cases, kill_matrix: matrix, parts }: Report): string {
  const drills = (parts ?? [{ command }]).filter((part) => part.command === 'drill').length;
  const counts = [
    ...(cases.length > 0 || (!matrix && drills === 0) ? [plural(cases.length, 'case')] : []),
    ...(matrix ? [plural(matrix.mutants.length, 'mutant')] : []),
    ...(drills > 0 ? [plural(drills, 'dump')] : []),
  ];
  return counts.join(', ');
}

import { groupBy } from '../text/group.ts';
import { conclusionLine } from './conclusion-text.ts';
import { canaryLine } from './fuzz-text.ts';
import type { Palette } from './palette.ts';
import type { Report } from './report.ts';

/** What the shards of a run come to, the verdict last. */
export function mergeLines(
  { cases, coverage, conclusion, findings, canaries = [], run }: Report,
  palette: Palette,
): string[] {
  const { of = 1, done = [1] } = run.shards ?? {};
  const verdicts = [...groupBy(cases, ({ verdict }) => verdict)].sort(([, a], [, b]) => b.length - a.length);
  const counts = verdicts.map(([verdict, found]) => `${found.length} ${verdict}`).join(', ');
  const missed = coverage.judged ? coverage.floors.filter((floor) => floor.cases < floor.wanted) : [];
  return [
    `${done.length} of ${of} shards; the whole run: ${run.repeat}`,
    ...canaryLine(canaries, palette),
    `${cases.length} cases: ${counts || 'none'}; ended: ${run.end}`,
    ...missed.map(({ label, cases: seen, wanted }) =>
      palette.red(`  floor not reached: ${label} occurred ${seen} times, at least ${wanted} are wanted`),
    ),
    ...findings.flatMap(({ signature, count, shard, replay }) => [
      `  ${String(count).padStart(4)} × ${signature}`,
      `         shard ${shard}: ${replay}`,
    ]),
    conclusionLine(conclusion, palette),
  ];
}

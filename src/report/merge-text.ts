import { groupBy } from '../text/group.ts';
import { conclusionLine } from './conclusion-text.ts';
import { canaryLine } from './fuzz-text.ts';
import type { Palette } from './palette.ts';
import type { Report } from './report.ts';
import { plural } from '../text/plural.ts';

/** What the shards of a run come to, and what stands beside them, the verdict last. */
export function mergeLines(report: Report, palette: Palette): string[] {
  const { cases, coverage, conclusion, findings, canaries = [], run, parts = [] } = report;
  const { of = 1, done = [1] } = (parts.find(({ command }) => command === 'fuzz')?.run ?? run).shards ?? {};
  const verdicts = [...groupBy(cases, ({ verdict }) => verdict)].sort(([, a], [, b]) => b.length - a.length);
  const counts = verdicts.map(([verdict, found]) => `${found.length} ${verdict}`).join(', ');
  const missed = coverage.judged ? coverage.floors.filter((floor) => floor.cases < floor.wanted) : [];
  return [
    ...(parts.length === 0 ? [`${done.length} of ${of} shards; the whole run: ${run.repeat}`] : []),
    ...parts.flatMap((part) => [
      conclusionLine(
        { ...part.conclusion, sentence: `${part.command}: ${part.conclusion.sentence}` },
        palette,
      ),
      `      ${part.run.repeat}`,
    ]),
    ...canaryLine(canaries, palette),
    `${plural(cases.length, 'case')}: ${counts || 'none'}${run.end === undefined ? '' : `; ended: ${run.end}`}`,
    ...missed.map(({ label, cases: seen, wanted }) =>
      palette.red(`  floor not reached: ${label} occurred ${seen} times, at least ${wanted} are wanted`),
    ),
    ...findings.flatMap(({ signature, count, shard, replay }) => [
      `  ${String(count).padStart(4)} × ${signature}`,
      `         ${shard === undefined ? '' : `shard ${shard}: `}${replay}`,
    ]),
    conclusionLine(conclusion, palette),
  ];
}

import type { Hazard } from '../verdict/hazard.ts';

const HEAD = `# Hazards

Combinations that PostgreSQL takes and that do not preserve an audit chain. \`restoreproof\` predicts each of them from the
case alone, and fails where the checks do not see it. Each has a small case in \`properties/corpus/\` that shows it:
\`restoreproof replay properties/corpus/<hazard>.json\`.

**Loud**: a tool exits non-zero, and whoever looks at exit statuses knows. **Silent**: every tool exits 0.

This page is written by \`src/report/hazards-page.ts\` from the registry in \`src/verdict/hazards.ts\`.
`;

/** The page \`docs/hazards.md\` as Markdown: silent hazards first, for nobody hears of those otherwise. */
export function renderHazards(hazards: readonly Hazard[]): string {
  const silent = hazards.filter(({ loud }) => !loud);
  const loud = hazards.filter((hazard) => hazard.loud);
  return [
    HEAD,
    '| hazard | verdict | seen by |\n|---|---|---|',
    ...[...silent, ...loud].map(renderRow),
    '',
    ...renderPart('Silent', silent),
    ...renderPart('Loud', loud),
  ].join('\n');
}

function renderRow({ id, title, verdict, loud, seenBy }: Hazard): string {
  const seen = loud ? 'the exit status' : seenBy.map((check) => `\`${check}\``).join(', ');
  return `| [${title}](#${id}) | ${verdict} | ${seen} |`;
}

function renderPart(heading: string, hazards: readonly Hazard[]): string[] {
  return [`## ${heading}`, '', ...hazards.flatMap(renderHazard)];
}

function renderHazard({ id, title, what, advice }: Hazard): string[] {
  return [`### ${id}`, '', `**${title}.** ${what}`, '', `*What to do:* ${advice}`, ''];
}

import type { Hazard } from '../verdict/hazard.ts';

/** A hazard, and what its case is predicted to show with each built-in subject. */
export interface HazardOnPage {
  readonly hazard: Hazard;
  /** By the subject's name; `hazard` is undefined where the case is faithful. */
  readonly shows: Readonly<Record<string, { readonly verdict: string; readonly hazard: string | undefined }>>;
}

const HEAD = `# Hazards

Combinations that PostgreSQL takes and that do not preserve an audit chain. \`restoreproof\` predicts each of them from the
case alone, and fails where the checks do not see it. Each has a small case in \`properties/corpus/\` that shows it:
\`restoreproof replay properties/corpus/<hazard>.json\`.

**Loud**: a tool exits non-zero, and whoever looks at exit statuses knows. **Silent**: every tool exits 0.

Side by side: what the case shows with the usual built-in subject, \`audit-chain\`, and with \`hardened\`
(\`--subject hardened\`, [subjects](subjects.md)), whose schema is written so that a restore cannot change what it means.
What is left for both is for the operator to avoid.

This page is written by \`src/report/hazards-page.ts\` from the registry in \`src/verdict/hazards.ts\` and the predictions.
`;

/** The page `docs/hazards.md` as Markdown: silent hazards first, for nobody hears of those otherwise. */
export function renderHazards(hazards: readonly HazardOnPage[]): string {
  const silent = hazards.filter(({ hazard }) => !hazard.loud);
  const loud = hazards.filter(({ hazard }) => hazard.loud);
  return [
    HEAD,
    '| hazard | `audit-chain` | `hardened` | seen by |\n|---|---|---|---|',
    ...[...silent, ...loud].map(renderRow),
    '',
    ...renderPart('Silent', silent),
    ...renderPart('Loud', loud),
  ].join('\n');
}

function renderRow(entry: HazardOnPage): string {
  const { id, title, loud, seenBy } = entry.hazard;
  const seen = loud ? 'the exit status' : seenBy.map((check) => `\`${check}\``).join(', ');
  const shown = ['audit-chain', 'hardened'].map((subject) => renderVerdict(entry, subject));
  return `| [${title}](#${id}) | ${shown.join(' | ')} | ${seen} |`;
}

function renderVerdict({ hazard: { id }, shows }: HazardOnPage, subject: string): string {
  const { verdict, hazard } = shows[subject] ?? { verdict: 'not predicted', hazard: undefined };
  if (hazard === undefined) return `**${verdict}**`;
  return hazard === id ? verdict : `${verdict}: [\`${hazard}\`](#${hazard})`;
}

function renderPart(heading: string, hazards: readonly HazardOnPage[]): string[] {
  return [`## ${heading}`, '', ...hazards.flatMap(renderHazard)];
}

function renderHazard(entry: HazardOnPage): string[] {
  const { id, title, what, advice } = entry.hazard;
  const shown = ['audit-chain', 'hardened'].map(
    (subject) => `\`${subject}\`: ${renderVerdict(entry, subject)}`,
  );
  return [`### ${id}`, '', `**${title}.** ${what}`, '', shown.join('; '), '', `*What to do:* ${advice}`, ''];
}

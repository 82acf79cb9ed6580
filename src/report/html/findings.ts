import { caseName } from '../case-name.ts';
import type { ReportCheck, ReportFinding } from '../report.ts';
import { differing, type Piece } from './differing.ts';
import { html, type Markup } from './markup.ts';

/** Findings are rare, and a run that is all red has many: enough to see what is the matter. */
const MOST_FINDINGS = 50;
const LONGEST_CASE = 20_000;

/** Every finding with its minimal case, both values of each failed check, and the command that replays it. */
export function findingsSection(findings: readonly ReportFinding[]): Markup | undefined {
  if (findings.length === 0) return undefined;
  const left = findings.length - MOST_FINDINGS;
  return html`<section aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    ${findings.slice(0, MOST_FINDINGS).map(findingArticle)}
    ${left > 0 ? html`<p class="note">${left} more findings are in <code>report.json</code>.</p>` : undefined}
  </section>`;
}

function findingArticle(found: ReportFinding, position: number): Markup {
  const id = `finding-${position + 1}`;
  return html`<article class="finding" aria-labelledby="${id}">
    <h3 id="${id}">${found.summary}</h3>
    <dl class="facts">
      <div>
        <dt>Property</dt>
        <dd>${found.property}</dd>
      </div>
      <div>
        <dt>Expected</dt>
        <dd>${found.expected}</dd>
      </div>
      <div>
        <dt>Seen</dt>
        <dd>${found.verdict}${found.stage === undefined ? '' : ` at ${found.stage}`}</dd>
      </div>
      ${
        found.error_line === undefined
          ? undefined
          : html`<div>
              <dt>Error</dt>
              <dd><code>${found.error_line}</code></dd>
            </div>`
      }
      <div>
        <dt>Cases</dt>
        <dd>${howOften(found)}</dd>
      </div>
      ${shrinking(found)}
    </dl>
    ${command('Replay', found.replay)} ${found.checks.map(checkFigure)}
    ${
      found.case &&
      html`<h4>The minimal case</h4>
        <ul>
          ${found.words.map((words) => html`<li>${inlineCode(words)}</li>`)}
        </ul>
        <details>
          <summary>As a file</summary>
          <pre tabindex="0">${caseText(found.case)}</pre>
        </details>`
    }
  </article>`;
}

function howOften({ count, ...found }: ReportFinding): string {
  const others = count - 1;
  const shard = found.shard === undefined ? '' : ` of shard ${found.shard}`;
  return `${caseName(found)}${shard}${others === 0 ? '' : ` and ${others} more with the same signature`}`;
}

const ENDS = {
  minimal: 'nothing simpler fails the same way',
  budget: 'the time ran out, it may be simpler still',
  interrupted: 'interrupted, it may be simpler still',
} as const;

function shrinking({ shrunk, reproduced }: ReportFinding): Markup | undefined {
  const without =
    reproduced === undefined ? undefined : reproduced ? 'fails the same way' : 'did not fail the same way';
  return html`${
    shrunk &&
    html`<div>
      <dt>Shrunk</dt>
      <dd>in ${shrunk.trials} trials; ${ENDS[shrunk.end]}</dd>
    </div>`
  }
  ${
    without &&
    html`<div>
      <dt>Without the harness</dt>
      <dd><code>repro.sh</code> ${without}</dd>
    </div>`
  }`;
}

/** A command with a button that copies it. */
export function command(label: string, text: string): Markup {
  return html`<p class="command">
    <span class="label">${label}</span><code>${text}</code
    ><button type="button" class="copy" hidden>Copy</button>
  </p>`;
}

/** Both values of a failed check, side by side. */
export function checkFigure({ id, summary, source, restored }: ReportCheck): Markup {
  const values = differing(source ?? 'nothing', restored ?? 'nothing');
  const { bytes } = values;
  return html`<figure class="check">
    <figcaption><code>${id}</code> ${summary}</figcaption>
    <div class="sides">
      <div>
        <span class="label">Source</span>
        <pre tabindex="0">${values.source.map(piece)}</pre>
      </div>
      <div>
        <span class="label">Restored</span>
        <pre tabindex="0">${values.restored.map(piece)}</pre>
      </div>
    </div>
    ${bytes && html`<p class="bytes">from byte ${bytes.at}: <code>${bytes.source}</code> against <code>${bytes.restored}</code></p>`}
  </figure>`;
}

function piece({ text, differs }: Piece): Markup {
  return differs ? html`<mark>${text}</mark>` : html`${text}`;
}

/** Words in Markdown, of which they use code alone. */
function inlineCode(words: string): Markup[] {
  return words
    .split('`')
    .map((part, position) => (position % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

/** Lines stay lines: only what is in them is made visible. */
function caseText(trial: NonNullable<ReportFinding['case']>): Markup[] {
  const text = JSON.stringify(trial, null, 2);
  const cut =
    text.length > LONGEST_CASE ? `${text.slice(0, LONGEST_CASE)}\n… (${text.length} characters)` : text;
  return cut.split('\n').flatMap((line) => [html`${line}`, html``]);
}

import { readFileSync } from 'node:fs';
import { packageRoot } from '../../package-root.ts';
import { capitalised } from '../../text/capitalised.ts';
import { countWords } from '../count-words.ts';
import type { Report, ReportCheck } from '../report.ts';
import { coverageSection } from './coverage.ts';
import { checkFigure, command as commandLine, findingsSection } from './findings.ts';
import { canariesSection, killMatrixSection } from './kill-matrix.ts';
import { html, trusted, type Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import { plotsSection } from './plots.ts';
import { partsSection } from './parts.ts';
import { talliesSection } from './tallies.ts';

/** `index.html`: one file that needs no other, no network and no server. */
export function htmlText(report: Report): string {
  const { conclusion, command: name } = report;
  const sections = [
    partsSection(report),
    findingsSection(report.findings),
    report.checks && checksSection(report, report.checks),
    matrixSection(report),
    killMatrixSection(report),
    canariesSection(report),
    talliesSection(report),
    coverageSection(report),
    plotsSection(report),
  ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${WORDS[conclusion.verdict]}: restoreproof ${name}</title>
        <style>
          ${asset('page.css')}
        </style>
      </head>
      <body>
        <header class="${conclusion.verdict}">
          <p class="what">restoreproof ${name}</p>
          <h1><span class="verdict">${WORDS[conclusion.verdict]}</span> ${sentence(report)}</h1>
          <p>${extent(report)}</p>
        </header>
        <main>${factsSection(report)} ${sections}</main>
        <footer>
          <p>
            restoreproof ${report.restoreproof}, started ${report.started_at}. All there is to know of this
            run is in <code>report.json</code>.
          </p>
        </footer>
        <script>
          ${asset('page.js')};
        </script>
      </body>
    </html> `;
  return page.text;
}

const WORDS = { pass: 'Pass', fail: 'Fail', 'no-verdict': 'No verdict' } as const;

function asset(name: string): Markup {
  return trusted(readFileSync(`${packageRoot}src/report/html/${name}`, 'utf8'));
}

function sentence({ conclusion }: Report): string {
  return `${capitalised(conclusion.sentence)}.`;
}

function extent(report: Report): string {
  const { milliseconds, engine, run } = report;
  const versions =
    engine === undefined ? '' : ` against PostgreSQL ${engine.server} with the tools of ${engine.tools}`;
  const end = run.end === undefined ? '' : `; ended: ${run.end}`;
  return `${countWords(report)}${versions} in ${(milliseconds / 1000).toFixed(1)} s${end}.${missingShards(run)}`;
}

function missingShards({ shards }: Report['run']): string {
  if (!shards) return '';
  const { of, done } = shards;
  return ` ${done.length === of ? `All ${of} shards` : `Shard ${done.join(', ')} of ${of}`}.`;
}

function factsSection({ run, engine }: Report): Markup {
  const facts: [string, string | number][] = [
    ...(engine ? [['Server', engine.description] as [string, string]] : []),
    ...(run.seed === undefined ? [] : [['Seed', run.seed] as [string, number]]),
    ...Object.entries(run.options).map(([name, value]): [string, string] => [name, String(value)]),
  ];
  return html`<section aria-labelledby="run">
    <h2 id="run">The run</h2>
    ${commandLine('Repeat', run.repeat)}
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div class="${String(value).length > 24 ? 'wide' : 'narrow'}">
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function checksSection(
  { findings, not_proven: unproven = [] }: Report,
  checks: readonly ReportCheck[],
): Markup {
  // A finding shows the values of its checks itself.
  const failed = findings.length > 0 ? [] : checks.filter(({ outcome }) => outcome === 'failed');
  return html`<section aria-labelledby="checks">
    <h2 id="checks">Checks</h2>
    <section class="scroll" aria-label="Checks, table" tabindex="0">
      <table class="checks">
        <thead>
          <tr>
            <th scope="col">check</th>
            <th scope="col">outcome</th>
            <th scope="col">what it saw</th>
          </tr>
        </thead>
        <tbody>
          ${checks.map(
            ({ id, outcome, summary }) =>
              html`<tr class="${outcome}">
                <th scope="row">${id}</th>
                <td>${outcome.replace('-', ' ')}</td>
                <td>${summary}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>
    ${failed.map(checkFigure)}
    ${
      unproven.length === 0
        ? undefined
        : html`<h3>Not proven</h3>
            <ul>
              ${unproven.map((words) => html`<li>${words}</li>`)}
            </ul>`
    }
  </section>`;
}

import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';

const WORDS = { pass: 'pass', fail: 'FAIL', 'no-verdict': 'NO VERDICT' } as const;

/** Of several commands: what each of them came to, and how it is done again. */
export function partsSection({ parts }: Report): Markup | undefined {
  if (!parts) return undefined;
  const unproven = parts.flatMap(({ not_proven: sentences = [] }) => sentences);
  return html`<section aria-labelledby="parts">
    <h2 id="parts">Commands</h2>
    <section class="scroll" aria-label="Commands, table" tabindex="0">
      <table class="checks">
        <thead>
          <tr>
            <th scope="col">command</th>
            <th scope="col">verdict</th>
            <th scope="col">why</th>
            <th scope="col">server</th>
            <th scope="col">again</th>
          </tr>
        </thead>
        <tbody>
          ${parts.map(
            ({ command, conclusion, engine, run }) =>
              html`<tr class="${conclusion.verdict === 'pass' ? 'held' : 'failed'}">
                <th scope="row">${command}</th>
                <td>${WORDS[conclusion.verdict]}</td>
                <td>${conclusion.sentence}</td>
                <td>${engine ? `PostgreSQL ${engine.server}, tools ${engine.tools}` : 'several'}</td>
                <td><code>${run.repeat}</code></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>
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

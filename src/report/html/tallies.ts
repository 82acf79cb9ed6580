import { capitalised } from '../../text/capitalised.ts';
import type { Report } from '../report.ts';
import { inWords, outcomesOf, type TallyTable } from '../tally-tables.ts';
import { html, type Markup } from './markup.ts';

/** What was done to dumps and tools on purpose, and who noticed. */
export function talliesSection({ tables = [] }: Report): Markup | undefined {
  if (tables.length === 0) return undefined;
  return html`<section aria-labelledby="tallies">
    <h2 id="tallies">Damage and interruptions</h2>
    <p class="note">
      What was done to dumps and tools on purpose, and how those cases ended. None may be restored to other
      bytes without a word: that would be a finding.
    </p>
    ${tables.map(tallyTable)}
  </section>`;
}

function tallyTable(table: TallyTable): Markup {
  const outcomes = outcomesOf(table);
  const explained = table.rows.some(({ details }) => Object.keys(details).length > 0);
  return html`<h3>${capitalised(table.of)}</h3>
    <section class="scroll" aria-label="${capitalised(table.of)}, table" tabindex="0">
      <table class="checks tallies">
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">cases</th>
            ${outcomes.map((outcome) => html`<th scope="col">${outcome}</th>`)}
            ${explained ? html`<th scope="col">checks that failed</th>` : undefined}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            ({ row, cases, outcomes: counted, details }) =>
              html`<tr>
                <th scope="row">${row}</th>
                <td>${cases}</td>
                ${outcomes.map((outcome) => html`<td>${counted[outcome] ?? 0}</td>`)}
                ${explained ? html`<td>${inWords(details)}</td>` : undefined}
              </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
}

import { groupBy } from '../../text/group.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';

type KillMatrix = NonNullable<Report['kill_matrix']>;
type Mutant = KillMatrix['mutants'][number];

/** Which check reports which known fault. */
export function killMatrixSection({ kill_matrix: matrix }: Report): Markup | undefined {
  if (!matrix) return undefined;
  const { checks, first_four: four, mutants } = matrix;
  const killers = [...checks, 'tool', 'source'].filter(
    (killer) => checks.includes(killer) || mutants.some(({ killed_by: by }) => by.includes(killer)),
  );
  const missed = mutants.filter(({ missed_by_first_four: alone }) => alone).length;
  return html`<section aria-labelledby="kill-matrix">
    <h2 id="kill-matrix">Kill matrix</h2>
    <p class="note">
      Known faults that were put into trials on purpose, and what reported them on the fixed case. The first
      four checks alone, with the exit status of the tools, would have missed ${missed} of ${mutants.length}.
    </p>
    <section class="scroll" aria-label="Kill matrix, table" tabindex="0">
      <table class="kills">
        <thead>
          <tr>
            <th scope="col">mutant</th>
            ${killers.map((killer) => html`<th scope="col" class="${four.includes(killer) ? 'four' : 'more'}"><span>${killer}</span></th>`)}
            <th scope="col">standing</th>
            <th scope="col">drawn cases</th>
          </tr>
        </thead>
        ${[...groupBy(mutants, ({ strikes }) => strikes)].map(
          ([strikes, struck]) =>
            html`<tbody>
              <tr class="group">
                <th colspan="${killers.length + 3}" scope="rowgroup">${strikes}</th>
              </tr>
              ${struck.map((mutant) => mutantRow(mutant, killers))}
            </tbody>`,
        )}
      </table>
    </section>
  </section>`;
}

function mutantRow(mutant: Mutant, killers: readonly string[]): Markup {
  const { id, what, killed_by: by, standing, drawn, unseen_because: because, as_it_has_to: fine } = mutant;
  const words = because === undefined ? what : `${what} It cannot be seen: ${because}`;
  const cells = killers.map((killer) =>
    by.includes(killer) ? html`<td class="kill">●</td>` : html`<td></td>`,
  );
  return html`<tr class="${fine ? 'fine' : 'flaw'}">
    <th scope="row"><code>${id}</code><br /><span class="note">${words}</span></th>
    ${cells}
    <td>${standing}</td>
    <td>${drawn.struck_at === undefined ? `${drawn.tried}, not struck` : drawn.tried}</td>
  </tr>`;
}

/** Cases of a deep run that carried a known fault, so that a blind run is red. */
export function canariesSection({ canaries = [] }: Report): Markup | undefined {
  if (canaries.length === 0) return undefined;
  const struck = canaries.filter((canary) => canary.struck);
  const survivors = struck.filter(({ killed }) => !killed);
  return html`<section aria-labelledby="canaries">
    <h2 id="canaries">Canaries</h2>
    <p>
      ${canaries.length} cases carried a known fault on purpose; ${struck.length} of the faults struck, and
      ${struck.length - survivors.length} of those were killed.
    </p>
    <details>
      <summary>One by one</summary>
      <section class="scroll" aria-label="Canaries, table" tabindex="0">
        <table class="checks">
          <thead>
            <tr>
              <th scope="col">case</th>
              <th scope="col">mutant</th>
              <th scope="col">end</th>
            </tr>
          </thead>
          <tbody>
            ${canaries.slice(0, MOST_CANARIES).map(
              ({ index, mutant, struck: hit, killed }) =>
                html`<tr class="${hit && !killed ? 'failed' : 'other'}">
                  <th scope="row">case ${index}</th>
                  <td>${mutant}</td>
                  <td>${hit ? (killed ? 'killed' : 'survived') : 'did not strike'}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>
      ${canaries.length > MOST_CANARIES ? html`<p class="note">${canaries.length - MOST_CANARIES} more are in <code>report.json</code>.</p>` : undefined}
    </details>
  </section>`;
}

const MOST_CANARIES = 300;

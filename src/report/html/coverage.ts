import { groupBy } from '../../text/group.ts';
import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';

type Floor = Report['coverage']['floors'][number];

/** What occurred and how often, against what a deep run has to cover. */
export function coverageSection({ coverage }: Report): Markup | undefined {
  const { classes, floors, judged } = coverage;
  if (classes.length === 0) return undefined;
  const missed = floors.filter(({ cases, wanted }) => cases < wanted);
  return html`<section aria-labelledby="coverage">
    <h2 id="coverage">Coverage</h2>
    <p>${coverageSentence(coverage, missed)}</p>
    ${floors.length === 0 ? undefined : floorTable(judged ? [...missed, ...floors.filter((floor) => !missed.includes(floor))] : floors)}
    <details>
      <summary>Every class that occurred</summary>
      <dl class="classes">
        ${[...groupBy(classes, ({ label }) => label.split(':', 1)[0] ?? '')].map(
          ([group, members]) =>
            html`<div>
              <dt>${group}</dt>
              <dd>
                ${members.map(({ label, cases }) => html`<span>${label.slice(group.length + 1)} <b>${cases}</b></span> `)}
              </dd>
            </div>`,
        )}
      </dl>
    </details>
  </section>`;
}

function coverageSentence({ classes, floors, judged }: Report['coverage'], missed: readonly Floor[]): string {
  const occurred = `${classes.length} classes of values, options and targets occurred.`;
  if (floors.length === 0) return occurred;
  if (!judged)
    return `${occurred} This run is too short, or only a part, to be held to the floors; they are shown for reading.`;
  if (missed.length === 0) return `${occurred} All ${floors.length} floors are reached.`;
  return `${occurred} ${missed.length} of ${floors.length} floors are not reached.`;
}

function floorTable(floors: readonly Floor[]): Markup {
  return html`<details>
    <summary>Floors</summary>
    <section class="scroll" aria-label="Floors, table" tabindex="0">
      <table class="floors">
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col">cases</th>
            <th scope="col">wanted</th>
            <th scope="col">reached</th>
          </tr>
        </thead>
        <tbody>
          ${floors.map(
            ({ label, cases, wanted }) =>
              html`<tr class="${cases < wanted ? 'missed' : 'reached'}">
                <th scope="row">${label}</th>
                <td>${cases}</td>
                <td>${wanted}</td>
                <td>
                  <meter
                    min="0"
                    max="${Math.max(wanted, 1)}"
                    value="${Math.min(cases, Math.max(wanted, 1))}"
                    aria-label="${label}: ${cases} of ${wanted}"
                  ></meter>
                  ${cases < wanted ? 'no' : 'yes'}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>
  </details>`;
}

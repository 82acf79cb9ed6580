import { visible } from '../../text/visible.ts';
import { caseName } from '../case-name.ts';
import type { Report, ReportCase } from '../report.ts';
import { html, jsonScript, type Markup } from './markup.ts';

/** Cases that one cell lists. */
const MOST_LISTED = 20;

/** The cases that cells open. The page has each once, however many cells list it. */
export class CaseList {
  private readonly report: Report;
  private readonly listed = new Map<number, number>();
  private readonly cells: number[][] = [];

  constructor(report: Report) {
    this.report = report;
  }

  /** The number of a cell that opens these cases, positions in the report, the first ones if they are many. */
  cell(positions: readonly number[]): number {
    const shown = positions.slice(0, MOST_LISTED).map((position) => {
      const known = this.listed.get(position) ?? this.listed.size;
      this.listed.set(position, known);
      return known;
    });
    return this.cells.push(shown) - 1;
  }

  /** The dialog that lists the cases of a cell, and what the page's script fills it with. */
  dialog(): Markup {
    return html`<dialog id="cases" aria-labelledby="cases-title">
        <form method="dialog"><button type="submit">Close</button></form>
        <h2 id="cases-title">Cases</h2>
        <p class="note" id="cases-note"></p>
        <section class="scroll" aria-label="Cases, table" tabindex="0">
          <table>
            <thead>
              <tr>
                ${HEADINGS.map((name) => html`<th scope="col">${name}</th>`)}
              </tr>
            </thead>
            <tbody id="cases-rows"></tbody>
          </table>
        </section>
      </dialog>
      ${jsonScript('case-data', this.data())}`;
  }

  /** Cases by position; words that many of them have stand once. */
  private data() {
    const numbers = new Map<string, number>();
    const numberOf = (text: string): number => {
      const word = visible(text);
      const number = numbers.get(word) ?? numbers.size;
      numbers.set(word, number);
      return number;
    };
    const cases = [...this.listed.keys()].flatMap((position) => {
      const trial = this.report.cases[position];
      if (!trial) return [];
      const { property, predicted, milliseconds, finding } = trial;
      const words = [property, predicted, commandOf(this.report, trial)].map(numberOf);
      const seconds = Math.round(milliseconds / 10) / 100;
      return [[visible(caseName(trial)), ...words, seconds, finding === undefined ? 0 : 1]];
    });
    return { words: [...numbers.keys()], cases, cells: this.cells };
  }
}

const HEADINGS = ['case', 'property', 'predicted', 'seconds', 'again'];

/** The command that shows a case again; `#` stands for its index or its file. */
function commandOf(report: Report, { index, name, part }: ReportCase): string {
  const { command, run } = (part === undefined ? undefined : report.parts?.[part]) ?? report;
  if (index !== undefined) return `${run.program} fuzz ${run.draw ?? ''} --case #`;
  if (command === 'fuzz' && name?.endsWith('.json')) return `${run.program} replay properties/corpus/#`;
  return command === 'fuzz' ? `${run.program} smoke` : run.repeat;
}

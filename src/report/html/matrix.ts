import { groupBy } from '../../text/group.ts';
import type { Report } from '../report.ts';
import { CaseList } from './case-list.ts';
import { html, type Markup } from './markup.ts';

const VERDICTS = ['faithful', 'refused', 'lossy', 'drifted', 'source-invalid', 'no-verdict'] as const;

interface Group {
  readonly name: string;
  /** The first words of the classes that are its rows. */
  readonly kinds: readonly string[];
}

const GROUPS: readonly Group[] = [
  { name: 'Versions', kinds: ['versions'] },
  { name: 'Format', kinds: ['format'] },
  { name: 'Target', kinds: ['target', 'collation', 'setting'] },
  { name: 'Compression', kinds: ['compress'] },
  { name: 'Dump', kinds: ['dump-rows', 'dump-jobs', 'parts'] },
  { name: 'Restore', kinds: ['restore', 'restore-jobs', 'use-list'] },
];

const OPTIONS: readonly Group[] = [
  { name: 'Options of pg_dump', kinds: ['option'] },
  { name: 'Environment of pg_dump', kinds: ['environment'] },
  { name: 'Options of the restore', kinds: ['restore-option'] },
  { name: 'Environment of the restore', kinds: ['restore-environment'] },
];

/** A class, and the cases it occurred in as positions in the report. */
interface Row {
  readonly name: string;
  readonly cases: readonly number[];
}

/** The fidelity matrix as a heat map: how the cases of each class ended. A cell opens its cases. */
export function matrixSection(report: Report): Markup | undefined {
  if (report.cases.length === 0) return undefined;
  const list = new CaseList(report);
  const byClass = casesByClass(report);
  const body = (name: string, rows: readonly Row[]): Markup | undefined =>
    rows.length === 0
      ? undefined
      : html`<tbody>
          <tr class="group">
            <th colspan="${VERDICTS.length + 1}" scope="rowgroup">${name}</th>
          </tr>
          ${rows.map((row) => matrixRow(report, row, list))}
        </tbody>`;
  const bodies = (groups: readonly Group[]): (Markup | undefined)[] =>
    groups.map((group) => body(group.name, rowsOf(report, group, byClass)));
  const every = body('All', [{ name: 'every case', cases: [...report.cases.keys()] }]);
  return html`<section aria-labelledby="matrix">
    <h2 id="matrix">Fidelity matrix</h2>
    <p class="note">
      How the cases of each class ended. Colour: the share of the row. A number with a flag holds cases that
      are not as predicted; the others are, hazards and refusals too. Press a cell for its cases.
    </p>
    ${matrixTable('Fidelity matrix', [every, ...bodies(GROUPS)])}
    <details>
      <summary>Options and environments, one by one</summary>
      ${matrixTable('Fidelity matrix of options', bodies(OPTIONS))}
    </details>
    ${list.dialog()}
  </section>`;
}

function matrixTable(name: string, bodies: readonly (Markup | undefined)[]): Markup {
  return html`<section class="scroll" aria-label="${name}, table" tabindex="0">
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">class</th>
          ${VERDICTS.map((verdict) => html`<th scope="col"><span>${verdict}</span></th>`)}
        </tr>
      </thead>
      ${bodies}
    </table>
  </section>`;
}

function casesByClass({ cases }: Report): ReadonlyMap<number, readonly number[]> {
  const pairs = cases.flatMap(({ classes }, position) => classes.map((label) => ({ label, position })));
  const groups = groupBy(pairs, ({ label }) => label);
  return new Map([...groups].map(([label, found]) => [label, found.map(({ position }) => position)]));
}

function rowsOf(report: Report, { kinds }: Group, byClass: ReadonlyMap<number, readonly number[]>): Row[] {
  return [...report.coverage.classes.entries()].flatMap(([number, { label }]) => {
    const [kind = ''] = label.split(':', 1);
    if (!kinds.includes(kind)) return [];
    const name = kinds.length === 1 ? label.slice(kind.length + 1) : label.replace(':', ' ');
    return [{ name, cases: byClass.get(number) ?? [] }];
  });
}

function matrixRow(report: Report, { name, cases }: Row, list: CaseList): Markup {
  const byVerdict = groupBy(cases, (position) => report.cases[position]?.verdict);
  const cells = VERDICTS.map((verdict) => {
    const found = byVerdict.get(verdict) ?? [];
    if (found.length === 0) return html`<td></td>`;
    const byFinding = groupBy(found, (position) => report.cases[position]?.finding !== undefined);
    const [surprising = [], others = []] = [byFinding.get(true), byFinding.get(false)];
    const { length: flagged } = surprising;
    const flag = flagged === 0 ? undefined : html`<span class="flag"> ⚑ ${flagged}</span>`;
    const share = Math.max(8, Math.round((100 * found.length) / cases.length));
    const label = `${found.length}${flagged === 0 ? '' : ` ⚑ ${flagged}`}: ${name}, ${verdict}`;
    const number = list.cell([...surprising, ...others]);
    return html`<td>
      <button
        type="button"
        class="cell v-${verdict}"
        style="--share:${share}%"
        data-cell="${number}"
        data-cases="${found.length}"
        data-flagged="${flagged}"
        aria-label="${label}"
      >
        ${found.length}${flag}
      </button>
    </td>`;
  });
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells}
  </tr>`;
}

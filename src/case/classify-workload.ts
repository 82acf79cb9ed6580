import type { Workload } from './case.ts';
import { classifyDetails, DETAILS_LABELS } from './classify-details.ts';
import { classifyTexts, TEXT_LABELS } from './classify-text.ts';
import { classifySequence, classifySession, classifyTime, TIME_LABELS } from './classify-timestamp.ts';
import { expectedEffect } from './expected-effect.ts';
import { oncePerWorkload } from './once-per-workload.ts';
import { repertoireOf } from './repertoire.ts';
import type { SubjectTraits } from './subject-traits.ts';

/** Every SQLSTATE by which a drawn value is refused. */
const SQLSTATES = [
  '22001',
  '22003',
  '22007',
  '22008',
  '22009',
  '22021',
  '22023',
  '22P02',
  '22P05',
  '23502',
  '23505',
  '23514',
  '54000',
];

/** Every label that `classifyWorkload` gives to what is drawn at its usual size; beyond 60 rows there is `rows:many`. */
export const WORKLOAD_CLASSES: readonly string[] = [
  ...labels('rows', ['0', '1', '2', '24', 'several']),
  ...labels('repertoire', ['ascii', 'latin1', 'unicode']),
  ...labels('insert', ['each', 'together', 'copy']),
  ...labels('transaction', [
    'one-row',
    'several-rows',
    'several-statements',
    'rolled-back',
    'savepoint-rolled-back',
    'same-now',
  ]),
  ...labels('category', ['given', 'null', 'default']),
  ...labels('refused', SQLSTATES),
  ...labels('order', ['valid', 'invalid']),
  ...TEXT_LABELS,
  ...DETAILS_LABELS,
  ...TIME_LABELS,
];

function labels(kind: string, names: readonly string[]): string[] {
  return names.map((name) => `${kind}:${name}`);
}

/**
 * The classes that a workload belongs to, for counting what a run has covered: `text:astral`, `timestamp:bc`,
 * `insert:copy`. From the data alone; each once, in the order of the alphabet.
 */
export const classifyWorkload = oncePerWorkload(classesOf);

function classesOf(workload: Workload, traits: SubjectTraits): readonly string[] {
  const { accepted, refusals, order } = expectedEffect(workload, traits);
  const zone = workload.session?.['TimeZone'];
  const events = workload.transactions.flatMap(({ statements }) => statements.flatMap((one) => one.events));
  const found = [
    rowsLabel(accepted.length),
    `repertoire:${repertoireOf(workload, traits)}`,
    `order:${order}`,
    ...refusals.map(({ sqlstate }) => `refused:${sqlstate}`),
    ...groupLabels(workload),
    ...classifySession(workload),
    ...classifySequence(accepted),
    ...events.flatMap((event) => [
      ...classifyTexts(event),
      ...classifyDetails(event),
      ...classifyTime(event, zone),
      `category:${categoryKind(event.event_category)}`,
    ]),
  ];
  return [...new Set(found)].toSorted();
}

function categoryKind(category: string | null | undefined): string {
  return category === undefined ? 'default' : category === null ? 'null' : 'given';
}

function rowsLabel(rows: number): string {
  if ([0, 1, 2, 24].includes(rows)) return `rows:${rows}`;
  return rows > 60 ? 'rows:many' : 'rows:several';
}

function groupLabels({ transactions }: Workload): string[] {
  return transactions.flatMap(({ end, statements }) => {
    const events = statements.flatMap((one) => one.events);
    const found = {
      'one-row': events.length === 1,
      'several-rows': events.length > 1,
      'several-statements': statements.length > 1,
      'rolled-back': end === 'rollback',
      'savepoint-rolled-back': statements.some(({ savepoint }) => savepoint === 'rollback'),
      'same-now': events.filter(({ timestamp }) => timestamp === undefined).length > 1,
    };
    const ways = statements.map(({ insert }) => `insert:${insert}`);
    return ways.concat(
      Object.entries(found).flatMap(([name, holds]) => (holds ? [`transaction:${name}`] : [])),
    );
  });
}

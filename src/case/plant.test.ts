import { expect, test } from 'vitest';
import { auditChain } from '../subject/audit-chain.ts';
import { eventOf } from '../test-events.ts';
import type { AuditEvent, Workload } from './case.ts';
import { expectedEffect } from './expected-effect.ts';
import { plantDetails, plantText, plantTie, type Plant } from './plant.ts';

const { traits } = auditChain;

/** Its time goes by its number. */
function numbered(id: string, change: Partial<AuditEvent> = {}): AuditEvent {
  return eventOf(id, { timestamp: { at: String(Number(id.slice(1)) * 1000) }, ...change });
}

/** e1 is refused, e2 and e3 come in, e4 is taken back. */
const WORKLOAD: Workload = {
  transactions: [
    { statements: [{ insert: 'each', events: [numbered('e1', { event_category: 'x' }), numbered('e2')] }] },
    {
      statements: [
        { insert: 'copy', events: [numbered('e3')] },
        { insert: 'copy', savepoint: 'rollback', events: [numbered('e4')] },
      ],
    },
  ],
};

const stored = (plant: Plant, workload = WORKLOAD) => expectedEffect(plant(workload, traits), traits);

test.each([0, 1, 2, 3, 4, 7, 1_000_001])('text is planted into a row that stays: %i', (drawn) => {
  const rows = stored(plantText('¥', drawn)).accepted;
  expect(rows.map(({ id }) => id)).toEqual(['e2', 'e3']);
  expect(JSON.stringify(rows).match(/¥/g)).toHaveLength(1);
});

test('details are planted into a row that stays', () => {
  expect(stored(plantDetails('[1]', 1)).accepted.map(({ details }) => details)).toEqual([null, '[1]']);
});

test('a tie has one time, and ids that only bytes put in the order of insertion', () => {
  const { accepted, order, ties } = stored(plantTie(5));
  expect(accepted.map(({ id, timestamp }) => [id, timestamp?.at])).toEqual([
    ['Be2', '2000'],
    ['ae3', '2000'],
  ]);
  expect({ order, ties }).toEqual({ order: 'valid', ties: [['Be2', 'ae3']] });
});

test('where no row stays, or none but one, nothing is planted', () => {
  const none: Workload = { transactions: [{ ...WORKLOAD.transactions[0], end: 'rollback', statements: [] }] };
  for (const plant of [plantText('¥', 3), plantDetails('1', 3), plantTie(3)]) {
    expect(plant(none, traits)).toEqual(none);
  }
  const one: Workload = { transactions: [{ statements: [{ insert: 'each', events: [numbered('e1')] }] }] };
  expect(plantTie(3)(one, traits)).toEqual(one);
});

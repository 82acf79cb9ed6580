import { describe, expect, test } from 'vitest';
import type { AuditEvent, Statement, Workload } from './case.ts';
import { expectedEffect } from './expected-effect.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { eventOf } from '../test-events.ts';

function now(id: string): AuditEvent {
  const { timestamp: _, ...event } = eventOf(id);
  return event;
}

function effectOf(...transactions: Workload['transactions']) {
  const { accepted, refusals, order, ties } = expectedEffect({ transactions }, auditChain.traits);
  return { refusals, order, ties, ids: accepted.map(({ id }) => id) };
}

function each(...events: AuditEvent[]): Statement {
  return { insert: 'each', events };
}

describe('rollbacks', () => {
  test('take back a transaction or a statement, and their ids are free again', () => {
    const effect = effectOf(
      { end: 'rollback', statements: [each(eventOf('1'))] },
      { statements: [{ ...each(eventOf('1')), savepoint: 'rollback' }, each(eventOf('1'), eventOf('2'))] },
    );
    expect(effect).toEqual({ ids: ['1', '2'], refusals: [], order: 'valid', ties: [['1', '2']] });
  });

  test('do not take back that something was refused', () => {
    const refused = each(eventOf('1', { event_category: 'x' }));
    const { refusals } = effectOf({
      end: 'rollback',
      statements: [each(), { ...refused, savepoint: 'rollback' }],
    });
    expect(refusals).toEqual([{ transaction: 0, statement: 1, event: 0, sqlstate: '23514' }]);
  });
});

test('a refused event takes a whole INSERT or COPY with it, and only itself where each is one', () => {
  const events = [eventOf('1'), eventOf('2', { details: 'x' }), eventOf('3')];
  const statements = (['together', 'copy', 'each'] as const).map((insert) => ({ insert, events }));
  expect(effectOf({ statements })).toMatchObject({
    ids: ['1', '3'],
    refusals: [
      { statement: 0, event: 0, sqlstate: '22P02' },
      { statement: 1, event: 0, sqlstate: '22P02' },
      { statement: 2, event: 1, sqlstate: '22P02' },
    ],
  });
});

test('blanks beyond the limit are cut off', () => {
  const { accepted } = expectedEffect(
    {
      transactions: [{ statements: [each(eventOf('1', { actor_type: `${'é'.repeat(50)}  ` }))] }],
    },
    auditChain.traits,
  );
  expect(accepted.map((event) => event.actor_type)).toEqual(['é'.repeat(50)]);
});

test.each<[string, AuditEvent[], string, [string, string][]]>([
  ['nothing', [], 'valid', []],
  ['one', [eventOf('9')], 'valid', []],
  ['equal times, ascending ids', [eventOf('1'), eventOf('2')], 'valid', [['1', '2']]],
  ['equal times, descending ids', [eventOf('2'), eventOf('1')], 'invalid', [['2', '1']]],
  ['ascending times', [eventOf('2'), eventOf('1', { timestamp: { at: '1' } })], 'valid', []],
  ['descending times', [eventOf('1'), eventOf('2', { timestamp: { at: '-1' } })], 'invalid', []],
  ['now after the past', [eventOf('2'), now('1')], 'valid', []],
  ['the past after now', [now('1'), eventOf('2')], 'invalid', []],
  ['now before 2200', [now('2'), eventOf('1', { timestamp: { at: '7258118400000000' } })], 'valid', []],
  ['now, twice in one transaction', [now('1'), now('2')], 'valid', [['1', '2']]],
  ['now, twice in one transaction, ids descending', [now('2'), now('1')], 'invalid', [['2', '1']]],
])('order of %s', (_, events, order, ties) => {
  expect(effectOf({ statements: [each(...events)] })).toMatchObject({ order, ties });
});

test('now of a later transaction is later', () => {
  expect(effectOf({ statements: [each(now('2'))] }, { statements: [each(now('1'))] })).toMatchObject({
    order: 'valid',
    ties: [],
  });
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent } from './case.ts';
import { drawFault, spoil } from './draw-refused.ts';
import { expectedEffect } from './expected-effect.ts';
import { auditChain } from '../subject/audit-chain.ts';

const event: AuditEvent = {
  id: '2',
  actor: 'a',
  actor_type: 'user',
  action: 'auth.login',
  resource_type: 'session',
  resource_id: 's',
  details: null,
  timestamp: { at: '0' },
};

test('a fault makes the source refuse the event, by any SQLSTATE there is, or cut its blanks', () => {
  const faults = fc.sample(drawFault(), { seed: 1, numRuns: 2000 });
  const outcomes = faults.map((fault) => {
    const events = [{ ...event, id: '1' }, spoil(event, fault, ['1'])];
    const { accepted, refusals } = expectedEffect(
      {
        transactions: [{ statements: [{ insert: 'each', events }] }],
      },
      auditChain.traits,
    );
    const last = accepted[1];
    return last
      ? `taken with ${last.actor.length + last.actor_type.length} characters`
      : refusals[0]?.sqlstate;
  });
  const counts = (outcome: string): number => outcomes.filter((one) => one === outcome).length;
  const sqlstates = '22001 22003 22007 22008 22009 22021 22023 22P02 22P05 23502 23505 23514 54000'.split(
    ' ',
  );
  const cut = ['taken with 259 characters', 'taken with 5 characters', 'taken with 51 characters'];
  expect(new Set(outcomes)).toEqual(new Set([...sqlstates, ...cut]));
  expect(sqlstates.filter((sqlstate) => counts(sqlstate) < 60)).toEqual([]);
});

test('the first event has no id to repeat', () => {
  expect(spoil(event, { column: 'id', idOf: 3 }, [])).toEqual(event);
});

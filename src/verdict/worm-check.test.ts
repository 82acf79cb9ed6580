import { expect, test } from 'vitest';
import type { Acts, Attempt, Refused, WormAct } from '../snapshot/acts/acts.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Evidence } from './check.ts';
import { checkWormEnforced } from './worm-check.ts';

const RAISED: Refused = { sqlstate: 'P0001', message: 'append-only', by: 'guard', raised: true };
const NOWHERE: Refused = { sqlstate: '42P01', message: 'no table', by: undefined, raised: false };
const FORBIDDEN: Refused = { sqlstate: '42501', message: 'permission denied', by: undefined, raised: false };
const READ_ONLY: Refused = { sqlstate: '25006', message: 'read-only', by: undefined, raised: false };

const acts = (UPDATE: Attempt, DELETE: Attempt, TRUNCATE: Attempt): WormAct => ({ UPDATE, DELETE, TRUNCATE });
const GUARDED = acts(RAISED, RAISED, 'allowed');

function check(
  restored: WormAct,
  known: Pick<Evidence, 'forbidden' | 'refuses'> = {},
  guard = 'public.guard()',
): string {
  const nothing = { catalog: [{ kind: 'function', identity: guard, definition: '' }] } as unknown as Snapshot;
  const done = { worm: restored } as Acts;
  const result = checkWormEnforced({
    source: nothing,
    restored: nothing,
    acts: done,
    exempt: new Set(),
    ...known,
  });
  return `${result.outcome}: ${result.summary}`;
}

test.each<[string, WormAct, WormAct, string]>([
  ['as on the source', GUARDED, GUARDED, 'held: UPDATE and DELETE refused, as on the source'],
  [
    'all three',
    acts(RAISED, RAISED, RAISED),
    acts(RAISED, RAISED, RAISED),
    'held: UPDATE, DELETE and TRUNCATE refused, as on the source',
  ],
  [
    'by privileges on both sides',
    acts(FORBIDDEN, FORBIDDEN, FORBIDDEN),
    acts(FORBIDDEN, FORBIDDEN, FORBIDDEN),
    'held: UPDATE, DELETE and TRUNCATE refused, as on the source',
  ],
  ['allowed', GUARDED, acts(RAISED, 'allowed', 'allowed'), 'failed: DELETE of an event is allowed'],
  [
    'allowed on both sides',
    acts('allowed', RAISED, 'allowed'),
    acts('allowed', RAISED, 'allowed'),
    'failed: UPDATE of an event is allowed',
  ],
  ['by another error', GUARDED, acts(NOWHERE, RAISED, 'allowed'), 'failed: UPDATE ends in another way'],
  ['by a privilege', GUARDED, acts(RAISED, FORBIDDEN, 'allowed'), 'failed: DELETE ends in another way'],
  [
    'by another function',
    GUARDED,
    acts({ ...RAISED, by: 'other' }, RAISED, 'allowed'),
    'failed: UPDATE ends in another way',
  ],
  ['swallowed', GUARDED, acts('ignored', RAISED, 'allowed'), 'failed: UPDATE ends in another way'],
  ['TRUNCATE let through', acts(RAISED, RAISED, RAISED), GUARDED, 'failed: TRUNCATE ends in another way'],
])('against the source: %s', (_, source, restored, result) => {
  expect(check(restored, { forbidden: source })).toBe(result);
});

test('what is known of the subject is asked for on the source, too', () => {
  const refuses = { UPDATE: RAISED, DELETE: RAISED };
  const broken = acts(NOWHERE, RAISED, 'allowed');
  expect(check(broken, { forbidden: broken, refuses })).toBe('failed: UPDATE ends in another way');
  expect(check(broken, { refuses })).toBe('failed: UPDATE ends in another way');
  expect(check(GUARDED, { refuses })).toBe('held: UPDATE and DELETE refused, as its schema has it');
  // Another guard than the one that is known is not held to it.
  const other = acts({ ...RAISED, by: 'other' }, { ...RAISED, by: 'other' }, 'allowed');
  expect(check(other, { refuses })).toBe('failed: UPDATE ends in another way');
  expect(check(other, { refuses }, 'public.other()')).toMatch(
    'held: UPDATE and DELETE refused; how the source',
  );
});

test('where nothing is known, an error that comes before any refusal is none', () => {
  const unknown = '; how the source does is not known';
  const untried = { forbidden: { untried: 'there is no event to change' } };
  expect(check(GUARDED, untried)).toBe(`held: UPDATE and DELETE refused${unknown}`);
  expect(check(acts('ignored', FORBIDDEN, 'allowed'))).toBe(`held: UPDATE and DELETE refused${unknown}`);
  expect(check(acts(NOWHERE, RAISED, 'allowed'))).toBe('failed: UPDATE fails before it is refused');
  expect(check(acts(RAISED, READ_ONLY, 'allowed'))).toBe('failed: DELETE fails before it is refused');
  // A guard may raise whatever it likes.
  expect(check(acts({ ...NOWHERE, raised: true, by: 'guard' }, RAISED, 'allowed'))).toMatch(/^held/);
});

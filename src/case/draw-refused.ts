import * as fc from 'fast-check';
import type { AuditEvent } from './case.ts';
import { oneOf } from './chance.ts';
import { drawDenseText } from './draw-text.ts';
import { REFUSED_LITERALS } from './timestamp-literals.ts';

/** One value that the source does not take, or cuts, put into an event that it would take. */
export type Fault =
  | { readonly column: 'timestamp' | 'event_category' | 'details' | 'id'; readonly value: string }
  | { readonly column: (typeof LIMITED)[number]; readonly beyond: string }
  | { readonly column: 'id'; readonly idOf: number };

const LIMITED = ['actor', 'actor_type', 'action', 'resource_type', 'resource_id'] as const;

const REFUSED_JSON = {
  nul: ['"\\u0000"', '{"a\\u0000":1}', '["\\\\\\u0000"]'],
  surrogates: ['"\\ud800"', '"\\ude00\\ud83d"', '{"\\udfff":1}', '"\\ud83d\\ud83d\\ude00"'],
  numbers: ['{"a":1e131072}', '12e131071', '1e-16384', '0e-16384'],
  grammar: [
    'NaN',
    '[Infinity]',
    '01',
    '+1',
    '.5',
    '5.',
    "{'a':1}",
    '{"a":1,}',
    '"\t"',
    '"\\x41"',
    '',
    '1 2',
    '"a',
  ],
};

/** One fault; each way of being refused about as often as any other. */
export function drawFault(): fc.Arbitrary<Fault> {
  const limited = oneOf(LIMITED);
  const sqlstates = [...new Set(Object.values(REFUSED_LITERALS))];
  const literals = Object.keys(REFUSED_LITERALS);
  const of = (column: 'timestamp' | 'event_category' | 'details' | 'id', values: readonly string[]) =>
    oneOf(values).map((value): Fault => ({ column, value }));
  return fc.oneof(
    ...sqlstates.map((one) =>
      of(
        'timestamp',
        literals.filter((literal) => REFUSED_LITERALS[literal] === one),
      ),
    ),
    ...Object.values(REFUSED_JSON).map((values) => of('details', values)),
    of('event_category', ['AUTH', '', ' auth', 'other']),
    of('details', ['a\0', '{"a":"\0"}']),
    of('id', ['\0', 'a\0b']),
    // Longer than an index row may be, and beyond compression.
    drawDenseText(4000).map((value): Fault => ({ column: 'id', value })),
    fc.tuple(limited, oneOf(['x', ' x', '\0'])).map(([column, beyond]): Fault => ({ column, beyond })),
    // Blanks beyond the limit are cut off, and the row is taken.
    fc.tuple(limited, oneOf([' ', '   '])).map(([column, beyond]): Fault => ({ column, beyond })),
    fc.nat().map((idOf): Fault => ({ column: 'id', idOf })),
  );
}

/** The event with the fault in it. `ids` are those of the events before it. */
export function spoil(event: AuditEvent, fault: Fault, ids: readonly string[]): AuditEvent {
  if ('beyond' in fault) {
    const limit = fault.column === 'actor_type' ? 50 : 255;
    return { ...event, [fault.column]: `${'x'.repeat(limit)}${fault.beyond}` };
  }
  if ('idOf' in fault) {
    return ids.length === 0 ? event : { ...event, id: ids[fault.idOf % ids.length] ?? event.id };
  }
  if (fault.column === 'timestamp') return { ...event, timestamp: { written: fault.value } };
  return { ...event, [fault.column]: fault.value };
}

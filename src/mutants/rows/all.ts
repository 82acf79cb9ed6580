import type { Mutant } from '../mutant.ts';
import { allRowsLost } from './all-rows-lost.ts';
import { allRowsLostHeadEmptied } from './all-rows-lost-head-emptied.ts';
import { categoryFilled } from './category-filled.ts';
import { detailsEmptied } from './details-emptied.ts';
import { detailsFilled } from './details-filled.ts';
import { eraLost } from './era-lost.ts';
import { fieldsShifted } from './fields-shifted.ts';
import { firstRowLost } from './first-row-lost.ts';
import { firstRowLostRechained } from './first-row-lost-rechained.ts';
import { jsonEncodedTwice } from './json-encoded-twice.ts';
import { jsonNumberRounded } from './json-number-rounded.ts';
import { jsonScaleLost } from './json-scale-lost.ts';
import { largeObjectChanged } from './large-object-changed.ts';
import { lastRowLost } from './last-row-lost.ts';
import { lastRowLostHeadRewound } from './last-row-lost-head-rewound.ts';
import { microsecondLost } from './microsecond-lost.ts';
import { middleRowLost } from './middle-row-lost.ts';
import { middleRowLostRechained } from './middle-row-lost-rechained.ts';
import { millisecondsOnly } from './milliseconds-only.ts';
import { rowAdded } from './row-added.ts';
import { rowDoubledUnderAnotherId } from './row-doubled-under-another-id.ts';
import { rowsDoubledWithoutKey } from './rows-doubled-without-key.ts';
import { rowsReordered } from './rows-reordered.ts';
import { rowsStoredInAnotherOrder } from './rows-stored-in-another-order.ts';
import { rowsSwapped } from './rows-swapped.ts';
import { summerTimeHour } from './summer-time-hour.ts';
import { textCaseFolded } from './text-case-folded.ts';
import { textComposed } from './text-composed.ts';
import { textDecomposed } from './text-decomposed.ts';
import { textReencoded } from './text-reencoded.ts';
import { textTrimmed } from './text-trimmed.ts';
import { timeZoneShift } from './time-zone-shift.ts';

export const ROWS: readonly Mutant[] = [
  lastRowLost,
  firstRowLost,
  middleRowLost,
  allRowsLost,
  lastRowLostHeadRewound,
  firstRowLostRechained,
  middleRowLostRechained,
  allRowsLostHeadEmptied,
  rowAdded,
  rowDoubledUnderAnotherId,
  rowsDoubledWithoutKey,
  rowsSwapped,
  rowsReordered,
  rowsStoredInAnotherOrder,
  microsecondLost,
  millisecondsOnly,
  timeZoneShift,
  summerTimeHour,
  eraLost,
  textReencoded,
  textCaseFolded,
  textTrimmed,
  textComposed,
  textDecomposed,
  jsonEncodedTwice,
  jsonScaleLost,
  jsonNumberRounded,
  detailsFilled,
  detailsEmptied,
  categoryFilled,
  fieldsShifted,
  largeObjectChanged,
];

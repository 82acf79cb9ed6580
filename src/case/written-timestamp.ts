import * as fc from 'fast-check';
import { formatLiteral, type Microseconds } from '../text/timestamp.ts';
import type { WritingSession } from './draw-session.ts';

/** How a timestamp is written down. `local` gives no offset and leaves it to the session. */
export const WRITTEN_FORMS = ['iso', 'iso-t', 'compact', 'fields', 'dots', 'words', 'local'] as const;
export type WrittenForm = (typeof WRITTEN_FORMS)[number];

export interface Writing {
  readonly form: WrittenForm;
  /** Seconds east of UTC: from -15:59:59 to +15:59:59 is what PostgreSQL takes (MAX_TZDISP_HOUR). */
  readonly offset: number;
  /** Whether zeros at the end of the fraction are written. */
  readonly trimmed: boolean;
}

const OFFSETS = [0, 3600, -18_000, 19_800, 20_700, -12_600, 50_400, 57_599, -57_599, -2670, -17_762, 33_539];

export function drawWriting(forms: readonly WrittenForm[]): fc.Arbitrary<Writing> {
  return fc.record({
    form: fc.constantFrom(...forms),
    offset: fc.oneof(fc.constantFrom(...OFFSETS), fc.integer({ min: -57_599, max: 57_599 })),
    trimmed: fc.boolean(),
  });
}

/**
 * A literal that PostgreSQL reads as the instant under the session's settings, in our own rendering.
 * A form that the session or the instant does not allow falls back to ISO with the offset.
 */
export function writeTimestamp(
  at: Microseconds,
  { form, offset, trimmed }: Writing,
  session: WritingSession,
): string {
  const local = form === 'local' ? session.fixedOffset : undefined;
  const seconds = local ?? offset;
  const time = fieldsOf(at + BigInt(seconds) * 1_000_000n);
  const clock = trimmed ? time.clock.replace(/\.?0+$/, '') || time.clock : time.clock;
  const zone = local === undefined ? formatOffset(seconds) : '';
  const date = `${time.year}-${time.month}-${time.day}`;
  switch (form) {
    case 'iso-t':
      return `${date}T${clock}${offset === 0 ? 'Z' : zone}${time.era}`;
    case 'compact':
      // Six digits of clock without colons; a year of more than four digits would run into the month.
      if (time.year.length > 4) break;
      return `${time.year}${time.month}${time.day}T${time.clock.replaceAll(':', '')}${zone}${time.era}`;
    case 'fields':
      return `${inOrder(time, session.dateStyle?.order ?? 'YMD', '/')} ${clock}${zone}${time.era}`;
    case 'dots':
      if (session.dateStyle?.order !== 'DMY') break;
      return `${inOrder(time, 'DMY', '.')} ${clock} ${zone}${time.era}`;
    case 'words':
      return `${weekday(at, seconds)} ${MONTHS[Number(time.month) - 1]} ${time.day} ${clock} ${time.year} ${zone}${time.era}`;
    case 'iso':
    case 'local':
  }
  return `${date} ${clock}${zone}${time.era}`;
}

interface Fields {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly clock: string;
  /** Nothing, or ` BC`. */
  readonly era: string;
}

function fieldsOf(local: Microseconds): Fields {
  const [, year = '', month = '', day = '', clock = '', era = ''] =
    /^(\d+)-(\d+)-(\d+) (.+)\+00( BC)?$/.exec(formatLiteral(local)) ?? [];
  return { year, month, day, clock, era };
}

function inOrder({ year, month, day }: Fields, order: 'MDY' | 'DMY' | 'YMD', separator: string): string {
  const fields = { MDY: [month, day, year], DMY: [day, month, year], YMD: [year, month, day] };
  return fields[order].join(separator);
}

function formatOffset(seconds: number): string {
  const positive = Math.abs(seconds);
  const parts = [Math.floor(positive / 3600), Math.floor(positive / 60) % 60, positive % 60];
  const needed = parts[2] === 0 ? (parts[1] === 0 ? 1 : 2) : 3;
  return (
    (seconds < 0 ? '-' : '+') +
    parts
      .slice(0, needed)
      .map((part) => String(part).padStart(2, '0'))
      .join(':')
  );
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const DAY = 86_400_000_000n;

/** 1970-01-01 was a Thursday. PostgreSQL reads the word and does not hold it against the date. */
function weekday(at: Microseconds, offset: number): string {
  const local = at + BigInt(offset) * 1_000_000n;
  const ofDay = ((local % DAY) + DAY) % DAY;
  const day = (local - ofDay) / DAY;
  return WEEKDAYS[Number(((day % 7n) + 7n) % 7n)] ?? '';
}

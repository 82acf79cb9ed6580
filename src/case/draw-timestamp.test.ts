import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EARLIEST, LATEST } from '../text/timestamp.ts';
import { drawMoment, TIME_CLASSES } from './draw-timestamp.ts';
import { NOW_FROM, NOW_UNTIL } from './timestamp-literals.ts';

function sample(times: readonly (typeof TIME_CLASSES)[number][], timeZone?: string) {
  return fc.sample(drawMoment({ times, timeZone }), { seed: 1, numRuns: 3000 });
}

test('every moment is one that PostgreSQL has', () => {
  for (const { at } of sample(TIME_CLASSES, 'America/New_York')) {
    expect(at >= EARLIEST && at <= LATEST).toBe(true);
  }
});

test('beside default timestamps nothing happens when now() may be', () => {
  const beside = sample(TIME_CLASSES, 'America/New_York');
  expect(beside.filter(({ at }) => at >= NOW_FROM && at < NOW_UNTIL)).toEqual([]);
  const alone = sample(
    TIME_CLASSES.filter((name) => name !== 'default'),
    'America/New_York',
  );
  expect(alone.some(({ at }) => at >= NOW_FROM && at < NOW_UNTIL)).toBe(true);
});

test('local times with a trap are drawn for the session that has them only', () => {
  const written = (timeZone?: string) => new Set(sample(['known'], timeZone).map((moment) => moment.written));
  expect(written('Pacific/Apia')).toContain('2011-12-30 12:00:00');
  expect(written('Asia/Tokyo')).not.toContain('2011-12-30 12:00:00');
  expect(written()).toContain('epoch');
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawEventBody } from './draw-event.ts';
import { textClasses } from './draw-text.ts';

test('without classes of text there is the vocabulary of applications only', () => {
  const plain = drawEventBody({ repertoire: 'unicode', texts: [], details: [] });
  const actions = new Set(fc.sample(plain, { seed: 1, numRuns: 300 }).map(({ action }) => action));
  expect([...actions].filter((action) => !/^(?:certificate|auth|config)\.[a-z]+$/.test(action))).toEqual([]);
  expect(actions).toContain('certificate.issue');
});

test('columns keep to their limits, and a category that is absent is no key', () => {
  const free = drawEventBody({ repertoire: 'unicode', texts: textClasses('unicode'), details: [] });
  const events = fc.sample(free, { seed: 1, numRuns: 500 });
  expect(Math.max(...events.map(({ actor_type: type }) => Array.from(type).length))).toBe(50);
  expect(Math.max(...events.map(({ resource_id: id }) => Array.from(id).length))).toBe(255);
  expect(events.filter((event) => 'event_category' in event && event.event_category === undefined)).toEqual(
    [],
  );
  expect(events.some((event) => !('event_category' in event))).toBe(true);
});

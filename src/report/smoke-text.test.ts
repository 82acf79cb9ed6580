import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { smokeCase } from '../case/smoke-case.ts';
import type { StepName } from '../verdict/trial-result.ts';
import { checkLines } from './checks-text.ts';
import { stepLine } from './smoke-text.ts';

const plain = createColors(false);
const STEPS: readonly StepName[] = [
  'workload',
  'source snapshot',
  'dump',
  'wipe',
  'restore',
  'restored snapshot',
  'second dump',
  'acts',
];

const trial = smokeCase(1);

test('the line of a step fits a terminal of 80 columns', () => {
  const lines = STEPS.map((name) => stepLine({ name, milliseconds: 61_234.5 }, trial));
  expect(lines[1]).toBe('  source snapshot    61.23 s  rows, chain, verifier, schema');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('one event is not many', () => {
  expect(stepLine({ name: 'workload', milliseconds: 1 }, trial)).toContain(' 1 event appended ');
});

test('what a database says stays on its line and moves no cursor, and is cut where it is long', () => {
  const check = {
    id: 'row-bytes',
    outcome: 'failed',
    summary: 'table "a\u001B[2J\n::error::" differs',
  } as const;
  const lines = checkLines([{ ...check, source: 'a\r\nb\u009B', restored: 'x'.repeat(600) }], plain);
  expect(lines).toEqual([
    '  FAILED    row-bytes          table "a\\u001b[2J\\n::error::" differs',
    '                               source:   a\\r\\nb\\u009b',
    `                               restored: ${'x'.repeat(500)}… (600 characters)`,
  ]);
});

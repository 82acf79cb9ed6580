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

test('the line of a step fits a terminal of 80 columns', () => {
  const lines = STEPS.map((name) => stepLine({ name, milliseconds: 61_234.5 }, smokeCase(1_000_000)));
  expect(lines[1]).toBe('  source snapshot    61.23 s  rows, chain, verifier, schema');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('one event is not many', () => {
  expect(stepLine({ name: 'workload', milliseconds: 1 }, smokeCase(1))).toContain(' 1 event appended ');
});

test('a value of many lines stays on its line, a long one is cut', () => {
  const check = { id: 'row-bytes', outcome: 'failed', summary: 'differs' } as const;
  const lines = checkLines([{ ...check, source: 'a\nb', restored: 'x'.repeat(600) }], plain);
  expect(lines).toEqual([
    '  FAILED    row-bytes          differs',
    '                               source:   a\\nb',
    `                               restored: ${'x'.repeat(500)}… (600 characters)`,
  ]);
});

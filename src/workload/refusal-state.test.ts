import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { refusalState } from './refusal-state.ts';

function databaseError(code: string): DatabaseError {
  return Object.assign(new DatabaseError('no', 2, 'error'), { code });
}

test.each(['22001', '22P02', '23505', '23514', '54000', 'P0001'])('%s refuses what was written', (code) => {
  expect(refusalState(databaseError(code))).toBe(code);
});

test.each(['08006', '40001', '42P01', '53100', '55P03', '57P01', '58030', 'XX000'])('%s does not', (code) => {
  expect(refusalState(databaseError(code))).toBeUndefined();
});

test('nor does an error of the system or of the driver', () => {
  expect(refusalState(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBeUndefined();
  expect(refusalState('no')).toBeUndefined();
});

import { expect, test } from 'vitest';
import { concludeRun, exitCodeOf } from './conclusion.ts';

const GREEN = { tried: 10, withoutVerdict: 0, findings: 0, unwritten: 0, interrupted: false, missed: 0 };

test.each([
  [{}, 'pass', 0],
  [{ findings: 2 }, 'fail', 1],
  [{ findings: 2, unwritten: 1 }, 'no-verdict', 3],
  [{ findings: 1, withoutVerdict: 1, interrupted: true }, 'fail', 1],
  [{ withoutVerdict: 1 }, 'no-verdict', 3],
  [{ withoutVerdict: 1, missed: 1 }, 'no-verdict', 3],
  [{ interrupted: true }, 'no-verdict', 3],
  [{ tried: 0 }, 'no-verdict', 3],
  [{ missed: 3 }, 'fail', 1],
  [{ missingShards: [2, 5] }, 'no-verdict', 3],
  [{ missingShards: [2], findings: 1 }, 'fail', 1],
  [{ canariesInVain: true }, 'fail', 1],
] as const)('%j is %s', (facts, verdict, exitCode) => {
  const conclusion = concludeRun({ ...GREEN, ...facts });
  expect(conclusion.verdict).toBe(verdict);
  expect(exitCodeOf(conclusion)).toBe(exitCode);
});

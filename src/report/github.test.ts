import { expect, test } from 'vitest';
import { errorAnnotation } from './github.ts';

// https://docs.github.com/actions/reference/workflow-commands-for-github-actions; toolkit, core/src/command.ts
test('an annotation stays one command, whatever is in it', () => {
  expect(errorAnnotation('restoreproof: 1, 2', '100%\r\n::warning::x: y, z')).toBe(
    '::error title=restoreproof%3A 1%2C 2::100%25%0D%0A::warning::x: y, z',
  );
  expect(errorAnnotation('%3A', '%0A')).toBe('::error title=%253A::%250A');
});

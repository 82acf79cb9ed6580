import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fillIn } from './placeholders.ts';
import { shellWord } from './shell-word.ts';

test('names in braces are replaced, and what belongs to the shell or to awk is not', () => {
  const text = `cp {dump} \${dump} {other} {dump}.tmp; awk '{print}' {a,b}`;
  expect(fillIn(text, { dump: 'X$&' })).toBe(`cp X$& \${dump} {other} X$&.tmp; awk '{print}' {a,b}`);
});

test('an inherited name is no value', () => {
  expect(fillIn('{constructor}', {})).toBe('{constructor}');
});

test.each(['', 'plain/word-1.x', 'a b', `it's "$HOME" \`x\` \\`, 'ä\nb', '*', '~', '{a,b}', '#'])(
  'a shell reads %j back as it was',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
  },
);

import { CommanderError } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { wholeNumber } from './options.ts';
import { buildProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

const nowhere = openTerminal(
  new AbortController().signal,
  () => undefined,
  () => undefined,
);

test('the help of every command fits a terminal of 80 columns', () => {
  const program = buildProgram(nowhere, () => undefined);
  expect(program.commands.map((command) => command.name())).toEqual(
    expect.arrayContaining(['smoke', 'snapshot', 'verify', 'doctor']),
  );
  for (const command of [program, ...program.commands]) {
    const lines = command.helpInformation().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
});

describe('numbers are whole and within their bounds', () => {
  test.each(['0', '-1', '+5', ' 5', '5 ', '1.5', '1e1', '0x5', '', '11', 'NaN', '٥'])(
    '%j is refused',
    (text) => {
      expect(() => wholeNumber(1, 10)(text)).toThrow('a whole number from 1 to 10 is wanted');
    },
  );

  test.each([
    ['1', 1],
    ['10', 10],
    ['007', 7],
  ])('%j is %i', (text, number) => {
    expect(wholeNumber(1, 10)(text)).toBe(number);
  });
});

/** What is said of a command line that does not parse. */
async function refusalOf(line: string): Promise<string[]> {
  let said = '';
  const program = buildProgram(nowhere, () => undefined);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: (text) => (said += text) });
  }
  const parsing = program.parseAsync(line.split(' '), { from: 'user' });
  await expect(parsing).rejects.toBeInstanceOf(CommanderError);
  return said.trimEnd().split('\n');
}

const HELP = '  next: run with --help for what is possible';

test.each<[string, string[]]>([
  ['smok', [`restoreproof: unknown command 'smok'`, '(Did you mean smoke?)', HELP]],
  ['smoke more', [`restoreproof: too many arguments for 'smoke'. Expected 0 arguments but got 1.`, HELP]],
  ['smoke --rows', [`restoreproof: option '--rows <n>' argument missing`, HELP]],
  [
    'smoke --rows x',
    [
      `restoreproof: option '--rows <n>' argument 'x' is invalid. a whole number from 1 to 1000000 is wanted.`,
      HELP,
    ],
  ],
  [
    'smoke --pg abc',
    [
      `restoreproof: option '--pg <major>' argument 'abc' is invalid. a whole number from 13 to 99 is wanted.`,
      HELP,
    ],
  ],
  [
    'smoke --engine frob',
    [
      `restoreproof: option '--engine <name>' argument 'frob' is invalid. Allowed choices are auto, local, server, container.`,
      HELP,
    ],
  ],
  ['snapshot', [`restoreproof: required option '--out <file>' not specified`, HELP]],
  ['verify', [`restoreproof: required option '--against <file>' not specified`, HELP]],
])('%s is refused with one clear line and a hint', async (line, said) => {
  expect(await refusalOf(line)).toEqual(said);
});

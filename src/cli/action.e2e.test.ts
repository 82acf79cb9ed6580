import { execaSync } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { objection } from './test-command-lines.ts';

interface Step {
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const action = yaml('action.yml') as { inputs: object; runs: { steps: Step[] } };

function yaml(file: string): unknown {
  return parse(readFileSync(join(packageRoot, file), 'utf8'));
}

describe('action.yml', () => {
  /** What the last script would run, for some inputs. */
  const wordsFor = (inputs: Record<string, string>): string[] => {
    const script = action.runs.steps.findLast(({ run }) => run !== undefined)?.run ?? '';
    const none = { COMMAND: 'smoke', ARGUMENTS: '', MIGRATIONS: '', PIPELINE: '', MINUTES: '', URL: '' };
    const env = { ...none, ACTION_PATH: '/action', REPORT: 'out', ...inputs };
    const { stdout } = execaSync('bash', ['-e', '-c', `node() { printf '%s\\n' "$@"; }\n${script}`], { env });
    return stdout.split('\n').slice(1);
  };

  test.each([
    [{}, ['smoke', '--report', 'out']],
    [{ MIGRATIONS: 'my db/up' }, ['smoke', '--migrations', 'my db/up', '--report', 'out']],
    [
      { COMMAND: 'fuzz', MINUTES: '10', ARGUMENTS: '--seed 7  --lanes 2' },
      ['fuzz', '--seed', '7', '--lanes', '2', '--minutes', '10', '--counterexamples', 'out/counterexamples'],
    ],
    [
      { COMMAND: 'matrix', ARGUMENTS: '--images postgres:16,postgres:18' },
      ['matrix', '--images', 'postgres:16,postgres:18', '--counterexamples', 'out/counterexamples'],
    ],
    [{ COMMAND: 'drill', ARGUMENTS: '--dump a.dump' }, ['drill', '--dump', 'a.dump', '--report', 'out']],
  ])('%j becomes a command line that the program takes', (inputs, words) => {
    const argv = wordsFor(inputs);
    expect(argv.slice(0, words.length)).toEqual(words);
    expect(argv.slice(-2)).toEqual(['--report', 'out']);
    expect(objection(argv)).toBeUndefined();
  });

  test('the reusable workflow hands on what it is given', () => {
    const { on, jobs } = yaml('.github/workflows/restore-proof.yml') as {
      on: { workflow_call: { inputs: object } };
      jobs: Record<string, { steps: Step[] }>;
    };
    const given = Object.keys(on.workflow_call.inputs);
    const own = ['harness', 'harness-ref', 'timeout-minutes'];
    const handedOn = jobs['restore-proof']?.steps.at(-1)?.with ?? {};
    expect(Object.keys(handedOn)).toEqual(given.filter((name) => !own.includes(name)));
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(handedOn)));
  });
});

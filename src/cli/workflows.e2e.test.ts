import { execaSync } from 'execa';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { DEFAULT_IMAGE } from '../postgres/open-engine.ts';
import { argumentsOf, objection } from './test-command-lines.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly 'timeout-minutes'?: number | string;
  readonly permissions?: unknown;
  readonly services?: { readonly postgres: { readonly image: string; readonly options: string } };
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>>; readonly 'fail-fast'?: boolean };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, unknown>> } | null>> & {
    readonly schedule?: readonly { readonly cron: string }[];
  };
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const DIRECTORY = join(packageRoot, '.github/workflows');
const FILES = readdirSync(DIRECTORY);
const workflows = FILES.map((file) => {
  const text = readFileSync(join(DIRECTORY, file), 'utf8');
  return { file, text, workflow: parse(text) as Workflow };
});
const actionText = readFileSync(join(packageRoot, 'action.yml'), 'utf8');
const action = parse(actionText) as { runs: { using: string; steps: readonly Step[] } };

const TEXTS = [
  ...workflows.map(({ file, text }) => ({ file, text })),
  { file: 'action.yml', text: actionText },
];
const STEPS = [
  ...workflows.flatMap(({ file, workflow }) =>
    Object.values(workflow.jobs).flatMap(({ steps }) => steps.map((step) => ({ file, step }))),
  ),
  ...action.runs.steps.map((step) => ({ file: 'action.yml', step })),
];
const SCRIPTS = STEPS.flatMap(({ file, step: { run } }) => (run === undefined ? [] : [{ file, run }]));

/** The releases that are trusted: the commit, and the version that it is. */
const ACTIONS: Readonly<Record<string, string>> = {
  'actions/checkout': '3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  'actions/setup-node': '820762786026740c76f36085b0efc47a31fe5020 # v7.0.0',
  'actions/upload-artifact': '043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1',
  'actions/download-artifact': '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1',
};

function workflowNamed(name: string): Workflow {
  const found = workflows.find(({ file }) => file === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found.workflow;
}

/** Actions that are not pinned to a trusted commit, with its version beside it. */
function unpinned(text: string): string[] {
  const used = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, use = '']) => use);
  return used.filter((use) => {
    if (use.startsWith('./')) return false;
    const [name = '', pin] = use.split('@');
    return pin === undefined || ACTIONS[name] !== pin;
  });
}

test('the three workflows are there', () => {
  expect(FILES.sort()).toEqual(['ci.yml', 'deep.yml', 'restore-proof.yml']);
});

test.each(TEXTS)('$file takes every action by commit, with its version in a comment', ({ text }) => {
  expect(text).toContain('uses: ');
  expect(unpinned(text)).toEqual([]);
});

test('an action by tag, by another commit or without its version is seen', () => {
  const text = [
    '- uses: actions/checkout@v7',
    '  uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1',
    '- uses: actions/setup-node@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.0',
    '- uses: someone/else@3d3c42e5aac5ba805825da76410c181273ba90b1 # v1',
    '- uses: ./.restoreproof',
  ].join('\n');
  expect(unpinned(text)).toHaveLength(4);
});

test.each(workflows)(
  '$file may read the contents and nothing else, and every job has a time limit',
  ({ workflow }) => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeUndefined();
      expect(job['timeout-minutes']).toBeDefined();
    }
  },
);

test('ci.yml: each push and pull request, every Node and PostgreSQL, a quarter of an hour', () => {
  const { on, jobs } = workflowNamed('ci.yml');
  expect(Object.keys(on)).toEqual(['push', 'pull_request']);
  expect(jobs['test']?.strategy?.matrix).toEqual({ node: [20, 22, 24, 26], postgres: [14, 15, 16, 17, 18] });
  expect(Object.values(jobs).map((job) => job['timeout-minutes'])).toEqual(Array(4).fill(15));
  expect(SCRIPTS.filter(({ file }) => file === 'ci.yml').map(({ run }) => run)).toEqual(
    expect.arrayContaining([
      'npm run check',
      'npm test',
      'npm run test:e2e',
      'npx vitest run container matrix between-servers',
    ]),
  );
});

describe('deep.yml', () => {
  const { on, jobs } = workflowNamed('deep.yml');

  test('runs on Mondays and by hand', () => {
    expect(on.schedule).toEqual([{ cron: '0 7 * * 1' }]);
    expect(Object.keys(on['workflow_dispatch']?.inputs ?? {})).toEqual([
      'minutes',
      'seed',
      'shards',
      'image',
      'migrations-repository',
      'migrations-path',
    ]);
  });

  test('begins with the fixed cycle against the pinned image, within a quarter of an hour', () => {
    const job = jobs['fixed-cycle'];
    expect(job?.['timeout-minutes']).toBe(15);
    expect(job?.services?.postgres.image).toContain(`'${DEFAULT_IMAGE}'`);
    expect(job?.services?.postgres.options).toContain('--health-cmd "pg_isready');
    expect(jobs['plan']).toMatchObject({ needs: 'fixed-cycle' });
  });

  test('has shards of which none stops the others, and merges what there is of all jobs', () => {
    expect(jobs['shard']?.strategy?.['fail-fast']).toBe(false);
    const others = Object.keys(jobs).filter((name) => name !== 'merge');
    expect(jobs['merge']).toHaveProperty('needs', expect.arrayContaining(others));
    expect(jobs['merge']).toHaveProperty('if', expect.stringContaining('always()'));
  });

  test('says which part left no report, and is red then, whatever the others say', () => {
    const script = SCRIPTS.find(({ run }) => run.includes(' merge '))?.run ?? '';
    const directory = mkdtempSync(join(tmpdir(), 'parts-'));
    // Of npm only what it was called with, and the exit code of what it would run.
    const merge = (exitCode: number): { exitCode?: number | undefined; stdout: string } =>
      execaSync('bash', ['-e', '-c', `npm() { echo "$@"; return ${exitCode}; }\n${script}`], {
        cwd: directory,
        reject: false,
      });
    const leave = (...parts: readonly string[]): void => {
      for (const part of parts) mkdirSync(join(directory, 'parts', part), { recursive: true });
      for (const part of parts) writeFileSync(join(directory, 'parts', part, 'report.json'), '{}');
    };
    leave('fixed-cycle/fixed-cycle', 'shard-1', 'shard-2', 'selftest');
    const called = `run -s restoreproof -- merge ${[
      'parts/fixed-cycle/fixed-cycle/report.json',
      'parts/selftest/report.json',
      'parts/shard-1/report.json',
      'parts/shard-2/report.json',
    ].join(' ')} --report merged`;
    const [annotation, ...others] = merge(0).stdout.split('\n');
    expect(annotation).toMatch(
      /^::error title=restoreproof%3A no verdict::upgrades left no report\. No verdict is not/,
    );
    expect(others).toEqual([called]);
    expect([merge(0).exitCode, merge(1).exitCode]).toEqual([3, 1]);
    leave('upgrades');
    expect([merge(0).exitCode, merge(3).exitCode]).toEqual([0, 3]);
    rmSync(directory, { recursive: true });
  });

  test('takes the seed from the commit', () => {
    const script = SCRIPTS.find(({ run }) => run.includes('GITHUB_SHA'))?.run ?? '';
    // What is written to a file that is read back at once.
    const plan = (env: Record<string, string>) => {
      const whole = `GITHUB_OUTPUT=$(mktemp)\n${script}\ncat "$GITHUB_OUTPUT"\nrm "$GITHUB_OUTPUT"`;
      return execaSync('bash', ['-e', '-c', whole], { env, reject: false });
    };
    const commit = { SEED: '', GITHUB_SHA: 'fffffff0000000000000000000000000000000000' };
    expect(plan({ ...commit, SHARDS: '3' }).stdout).toBe('seed=268435455\nshards=3\nnumbers=[1,2,3]');
    expect(plan({ ...commit, SEED: '7', SHARDS: '1' }).stdout).toContain('seed=7\n');
    expect(plan({ ...commit, SHARDS: '3; rm' }).exitCode).toBe(2);
  });
});

test('reports are kept for 90 days, also those of a failed or cancelled run', () => {
  const uploads = STEPS.filter(({ step: { uses } }) => uses?.startsWith('actions/upload-artifact'));
  expect(uploads.length).toBeGreaterThan(3);
  for (const { step } of uploads) {
    expect(step.if).toBe('always()');
    expect(step.with?.['retention-days']).toBe(90);
  }
});

test('every digest is the one in the code', () => {
  const pages = ['README.md', ...readdirSync(join(packageRoot, 'docs')).map((file) => `docs/${file}`)]
    .filter((file) => file.endsWith('.md'))
    .map((file) => readFileSync(join(packageRoot, file), 'utf8'));
  const digests = [...TEXTS.map(({ text }) => text), ...pages].flatMap(
    (text) => text.match(/sha256:[0-9a-f]{64}\b/g) ?? [],
  );
  expect(digests.length).toBeGreaterThan(1);
  expect([...new Set(digests)]).toEqual([DEFAULT_IMAGE.split('@')[1]]);
});

describe('scripts', () => {
  /** Words of a shell, with variables as numbers, which every option takes. */
  const commands = SCRIPTS.flatMap(({ file, run }) =>
    run
      .replaceAll(/\\\n\s*/g, ' ')
      .split('\n')
      .map((line) => line.trim().replace(/^npx restoreproof/, 'restoreproof'))
      .map((line) =>
        line
          .replaceAll(/"\$\{\w+\[@\]\}"/g, 'X')
          .replaceAll(/"([^"]*)"/g, '$1')
          .replaceAll(/\$\w+/g, '15'),
      )
      .flatMap((line) => {
        const argv = argumentsOf(line)?.filter((word) => word !== 'X' || line.includes(' merge '));
        return argv === undefined ? [] : [{ file, line, argv }];
      }),
  );

  test('hold command lines that the program takes', () => {
    expect(commands.map(({ argv }) => argv[0])).toEqual(
      expect.arrayContaining(['doctor', 'fuzz', 'matrix', 'merge', 'selftest', 'smoke']),
    );
    expect(
      commands.flatMap(({ file, line, argv }) => objection(argv)?.concat(` in ${file}: ${line}`) ?? []),
    ).toEqual([]);
  });

  test('get what others may write by the environment, not by a template', () => {
    expect(SCRIPTS.filter(({ run }) => run.includes('${{'))).toEqual([]);
  });

  const shellcheck = execaSync('shellcheck', ['--version'], { reject: false }).exitCode === 0;

  // Where there is none these are skipped, and counted; CI installs it.
  test.skipIf(!shellcheck)('pass shellcheck', () => {
    const files = ['.ci/run', '.github/install-postgresql.sh'].map((file) => join(packageRoot, file));
    const found = [
      execaSync('shellcheck', files, { reject: false }).stdout,
      ...SCRIPTS.map(
        ({ run }) =>
          execaSync('shellcheck', ['--shell=bash', '-'], { input: `set -e\n${run}`, reject: false }).stdout,
      ),
    ];
    expect(found.filter((text) => text !== '')).toEqual([]);
    expect(execaSync('shellcheck', ['--shell=bash', '-'], { input: 'rm $1', reject: false }).exitCode).toBe(
      1,
    );
  });
});

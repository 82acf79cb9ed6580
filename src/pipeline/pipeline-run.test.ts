import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Pipeline } from '../case/pipeline.ts';
import { NoVerdictError } from '../errors.ts';
import { openThrowawayDirectory, type ThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import { testTools } from '../testing.ts';
import { PipelineRun, type PipelinePlace } from './pipeline-run.ts';

let directory: ThrowawayDirectory;

beforeAll(async () => {
  directory = await openThrowawayDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());

function open(pipeline: Partial<Pipeline>, place: Partial<PipelinePlace> = {}): PipelineRun {
  const { settings } = inject('server');
  return new PipelineRun(
    { name: 'test', dump: 'true', restore: 'true', ...pipeline },
    { tools: testTools(), database: settings, directory: directory.path, ...place },
  );
}

const SECRET = String.raw`s3cr:et\ 'x`;

describe('a command', () => {
  test('gets its placeholders quoted, and its tools from the installation', async () => {
    await using pipeline = open({
      jobs: 3,
      dump: 'printf "%s\\n" {dump} {jobs} {database} {work} {source_url} "${dump-shell}"; command -v pg_dump',
    });
    expect((await pipeline.dump()).failed).toBeUndefined();
    const { host, user, port, database } = inject('server').settings;
    expect(pipeline.runs[0]?.stdout.split('\n')).toEqual([
      join(directory.path, 'dump'),
      '3',
      database,
      directory.path,
      `postgres://${user}@${encodeURIComponent(host)}:${port}/${database}`,
      'shell',
      join(testTools().directory, 'pg_dump'),
      '',
    ]);
  });

  test('gets the password in a file, and nowhere else', async () => {
    await using pipeline = open(
      { restore: 'echo {url} {target_url}; env; cat /proc/$$/cmdline' },
      { database: { ...inject('server').settings, password: SECRET, user: 'a:b' } },
    );
    await pipeline.restore({ ...inject('server').settings, password: SECRET, user: 'a:b', database: 'c d' });
    const { stdout = '' } = pipeline.runs[0] ?? {};
    expect(stdout).toContain('postgres://a%3Ab@');
    expect(stdout).toContain('/c%20d\n');
    expect(stdout).not.toContain('s3cr');
    expect(stdout).not.toContain('PGPASSWORD');
    const file = /^PGPASSFILE=(.*)$/m.exec(stdout)?.[1] ?? '';
    expect(readFileSync(file, 'utf8')).toBe(`*:${inject('server').settings.port}:*:a\\:b:s3cr\\:et\\\\ 'x\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('sees no variables of the caller’s that lead elsewhere', async () => {
    process.env['PGSERVICE'] = 'production';
    process.env['PGBACKREST_STANZA'] = 'main';
    try {
      await using pipeline = open({ dump: 'env' });
      await pipeline.dump();
      expect(pipeline.runs[0]?.stdout).not.toContain('production');
      expect(pipeline.runs[0]?.stdout).toContain('PGBACKREST_STANZA=main');
    } finally {
      delete process.env['PGSERVICE'];
      delete process.env['PGBACKREST_STANZA'];
    }
  });

  test('that fails is told with its exit status and what it said', async () => {
    await using pipeline = open({ dump: 'echo before; echo "error: no" >&2; exit 7' });
    expect((await pipeline.dump()).failed).toMatchObject({
      tool: 'dump',
      exitCode: 7,
      stdout: 'before\n',
      stderr: 'error: no\n',
    });
  });

  test('that no shell is there for is no verdict', async () => {
    await using pipeline = open({ shell: 'bash' }, { tools: { ...testTools(), directory: '/nowhere' } });
    const { PATH } = process.env;
    process.env['PATH'] = '/nowhere';
    try {
      await expect(pipeline.dump()).rejects.toThrow('could not be started');
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

function processes(marked: string): string[] {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.startsWith(marked));
}

/** A process that was killed is there until the system has taken it away. */
function gone(marked: string): Promise<void> {
  return expect.poll(() => processes(marked)).toEqual([]);
}

describe('nothing of a command goes on running', () => {
  test('past its time', async () => {
    const seconds = 'sleep 617.25';
    await using pipeline = open({ dump: `${seconds} & ${seconds}; true`, timeout_seconds: 0.3 });
    await expect(pipeline.dump()).rejects.toThrow(NoVerdictError);
    await gone(seconds);
  });

  test('in the background, after it has ended', async () => {
    const seconds = 'sleep 617.5';
    await using pipeline = open({ dump: `${seconds} & true` });
    expect((await pipeline.dump()).failed).toBeUndefined();
    await gone(seconds);
  });

  test('after an interruption', async () => {
    const seconds = 'sleep 617.75';
    const interruption = new AbortController();
    await using pipeline = open({ dump: `${seconds}; true` });
    const dumping = pipeline.dump(interruption.signal);
    setTimeout(() => interruption.abort(new Error('interrupted')), 200);
    await expect(dumping).rejects.toThrow('interrupted');
    await gone(seconds);
  });
});

describe('a server that the restore brings', () => {
  const server = { url: 'postgres://me@{work}:5433/{database}', stop: 'echo >>{work}/stopped' };
  const stopped = () => readFileSync(join(directory.path, 'stopped'), 'utf8').length;

  test('is where the URL says, with the path as a URL has it', () => {
    const { settings } = inject('server');
    expect(open({ server }).restoredAt(settings)).toMatchObject({
      host: directory.path,
      port: 5433,
      user: 'me',
      database: settings.database,
    });
    expect(open({}).restoredAt(settings)).toBe(settings);
  });

  test('is stopped, also where the restore fails, and not before there is one', async () => {
    {
      await using pipeline = open({ server });
      await pipeline.dump();
    }
    expect(existsSync(join(directory.path, 'stopped'))).toBe(false);
    {
      await using pipeline = open({ server });
      await pipeline.restore(inject('server').settings);
    }
    expect(stopped()).toBe(1);
    {
      await using pipeline = open({ server, restore: 'exit 1' });
      await pipeline.restore(inject('server').settings);
    }
    expect(stopped()).toBe(2);
  });

  test('that cannot be stopped is said', async () => {
    const pipeline = open({ server: { ...server, stop: 'echo "no such server" >&2; exit 1' } });
    await pipeline.restore(inject('server').settings);
    await expect(pipeline[Symbol.asyncDispose]()).rejects.toMatchObject({ why: 'no such server' });
    const failing = open({ server: { ...server, stop: 'exit 1' }, restore: 'exit 1' });
    await failing.restore(inject('server').settings);
    await failing[Symbol.asyncDispose]();
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePipeline } from '../case/pipeline-file.ts';
import { packageRoot } from '../package-root.ts';
import { CATALOG_KINDS } from '../snapshot/catalog.ts';
import { buildProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

function fences(file: string, language: string): string[] {
  const text = readFileSync(join(packageRoot, file), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, body = '']) => body,
  );
}

const YAML = fences('docs/runbook.md', 'yaml').map((text) => parse(text) as unknown);
const UNITS = fences('docs/runbook.md', 'ini').flatMap((text) => {
  const name = /^# \/etc\/systemd\/system\/(\S+)$/m.exec(text)?.[1];
  return name === undefined ? [] : [{ name, text }];
});

/** Every text in a value, however deep; a list of words is a text, too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(textsIn);
  const words =
    Array.isArray(value) && value.every((each) => typeof each === 'string') ? [value.join(' ')] : [];
  return [...words, ...inner];
}

/** The drills of a text, as arguments. */
function drillsIn(text: string): string[][] {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
  return lines.flatMap((line) => {
    const [, rest] = /(?:^|restoreproof -- |main\.js )(drill +--.*)$/.exec(line) ?? [];
    return rest === undefined ? [] : [rest.trim().split(/\s+/)];
  });
}

function objection(argv: readonly string[]): string | undefined {
  const nowhere = (): void => undefined;
  const program = buildProgram(openTerminal(new AbortController().signal, nowhere, nowhere), nowhere);
  for (const command of program.commands) {
    command.action(nowhere).exitOverride().configureOutput({ writeErr: nowhere, outputError: nowhere });
  }
  try {
    program.exitOverride().parse(argv, { from: 'user' });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('what the runbook shows of schedulers', () => {
  test('is a workflow with a drill, and a CronJob', () => {
    expect(YAML).toContainEqual(expect.objectContaining({ kind: 'CronJob', apiVersion: 'batch/v1' }));
    expect(YAML).toContainEqual(expect.objectContaining({ name: 'restore drill', jobs: expect.anything() }));
    expect(UNITS.map(({ name }) => name)).toEqual(['restore-drill.service', 'restore-drill.timer']);
  });

  test('runs drills that the program takes', () => {
    const drills = [...YAML.flatMap(textsIn), ...UNITS.map(({ text }) => text)].flatMap(drillsIn);
    expect(drills).toHaveLength(3);
    for (const argv of drills) expect([argv, objection(argv)]).toEqual([argv, undefined]);
    expect(objection(['drill', '--dmup', 'x'])).toBeDefined();
  });

  const analyze = (directory: string, names: readonly string[]): string => {
    const argv = ['verify', '--man=no', ...names.map((name) => join(directory, name))];
    return execFileSync('systemd-analyze', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const atHand = (() => {
    try {
      return execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' }) === null;
    } catch {
      return false;
    }
  })();

  test.skipIf(!atHand)('has units that systemd takes', () => {
    const directory = mkdtempSync(join(tmpdir(), 'units-'));
    try {
      for (const { name, text } of UNITS) {
        // Programs and users of the reader's machine.
        writeFileSync(
          join(directory, name),
          text.replace('/usr/bin/node', '/bin/true').replace(/^User=.*$/m, ''),
        );
      }
      const names = UNITS.map(({ name }) => name);
      expect(analyze(directory, names)).toBe('');
      writeFileSync(join(directory, 'restore-drill.timer'), '[Timer]\nOnCalendar=never\n');
      expect(() => analyze(directory, names)).toThrow(/OnCalendar|calendar|Timer|timer/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

test('the pipelines that are shown as text are pipelines', () => {
  const shown = fences('docs/pipelines/README.md', 'yaml');
  expect(shown.length).toBeGreaterThan(1);
  for (const text of shown) expect(parsePipeline(text, 'shown.yaml', CATALOG_KINDS).restore).not.toBe('');
});

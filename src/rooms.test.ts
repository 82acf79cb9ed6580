import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Types flow along this line, from left to right. */
const LINE = [
  'case',
  'subject',
  'workload',
  'dump',
  'restore',
  'pipeline',
  'snapshot',
  'mutants',
  'verdict',
  'fuzz',
  'drill',
  'report',
];
const GROUND_FLOOR = ['postgres', 'text'];
/** Where values of different rooms meet. */
const MEETING_PLACES = ['round-trip.ts', 'trial-place.ts', 'index.ts', 'fuzz', 'drill', 'cli'];
/** Files beside the rooms that any of them may use. */
const OPEN_TO_ALL = [
  'errors.ts',
  'options.ts',
  'package-root.ts',
  'make-directory.ts',
  'replace-file.ts',
  'until-interrupted.ts',
];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const root = dirname(new URL(import.meta.url).pathname);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/(^|\/)test(ing|-[a-z-]+)\.ts$/.test(file),
);
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));

function importsOf(file: string, source: string): Import[] {
  const statements = source.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)';/gm);
  return [...statements].map(([statement, path = '']) => ({
    file,
    target: relative(root, resolve(root, dirname(file), path)),
    typeOnly: isTypeOnly(statement),
  }));
}

function isTypeOnly(statement: string): boolean {
  if (/^(?:import|export) type\b/.test(statement)) return true;
  const names = /\{([^}]*)\}/
    .exec(statement)?.[1]
    ?.split(',')
    .map((name) => name.trim()) ?? [''];
  return names.filter((name) => name !== '').every((name) => name.startsWith('type '));
}

/** The room a file is in, or the file itself where it stands beside the rooms. */
function room(file: string): string {
  return file.split('/')[0] ?? file;
}

/** What is wrong with an import; undefined where it is lawful. */
function breach({ file, target, typeOnly }: Import): string | undefined {
  const [from, to] = [room(file), room(target)];
  if (from === to || OPEN_TO_ALL.includes(to)) return undefined;
  if (to === 'cli') return 'nothing points at cli';
  if (GROUND_FLOOR.includes(from)) return to === 'text' ? undefined : 'the ground floor knows no room';
  if (GROUND_FLOOR.includes(to)) return undefined;
  if (MEETING_PLACES.includes(from))
    return ['fuzz', 'drill'].includes(from) && to === 'report' ? `${from} knows no report` : undefined;
  if (!typeOnly) return 'values of different rooms meet in round-trip.ts only';
  return LINE.indexOf(to) < LINE.indexOf(from) ? undefined : 'types flow from left to right';
}

test('there is something to hold the law over', () => {
  expect(files.length).toBeGreaterThan(30);
  expect(imports.length).toBeGreaterThan(80);
});

test('every import is lawful', () => {
  const breaches = imports.flatMap((found) => {
    const why = breach(found);
    return why === undefined ? [] : [`${found.file} imports ${found.target}: ${why}`];
  });
  expect(breaches).toEqual([]);
});

describe('the law says no', () => {
  test.each([
    ['a value of another room', { file: 'dump/a.ts', target: 'subject/b.ts', typeOnly: false }],
    ['a type from the right', { file: 'dump/a.ts', target: 'verdict/b.ts', typeOnly: true }],
    ['the ground floor looking up', { file: 'postgres/a.ts', target: 'case/b.ts', typeOnly: true }],
    ['anything that points at cli', { file: 'fuzz/a.ts', target: 'cli/b.ts', typeOnly: true }],
  ])('to %s', (_, found) => {
    expect(breach(found)).toBeDefined();
  });

  test.each([
    ["import { a, type B } from './x.ts';", false],
    ["import type { B } from './x.ts';", true],
    ["import { type A, type B } from './x.ts';", true],
    ["export { a } from './x.ts';", false],
  ])('and reads %s', (statement, typeOnly) => {
    expect(importsOf('a.ts', statement)).toMatchObject([{ typeOnly }]);
  });
});

test('properties use the public names only', () => {
  const directory = resolve(root, '../properties');
  const others = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      [...readFileSync(join(directory, file), 'utf8').matchAll(/from '(\.[^']+)'/g)]
        .map(([, path = '']) => resolve(directory, dirname(file), path))
        .filter((path) => path.startsWith(root) && !path.endsWith('/index.ts')),
    );
  expect(others).toEqual([]);
});

test('no file is longer than 300 lines', () => {
  const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301);
  expect(long).toEqual([]);
});

test('no import cycle', () => {
  const graph = new Map<string, string[]>();
  for (const { file, target } of imports) graph.set(file, [...(graph.get(file) ?? []), target]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

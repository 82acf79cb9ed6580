import { describe, expect, test } from 'vitest';
import type { CatalogKind, CatalogObject } from '../snapshot/catalog.ts';
import { compareCatalogs, describeCatalogDifference } from './compare-catalogs.ts';

const NONE: ReadonlySet<CatalogKind> = new Set();

const object = (kind: CatalogKind, identity: string, definition = ''): CatalogObject => ({
  kind,
  identity,
  definition,
});

function told(
  source: readonly CatalogObject[],
  restored: readonly CatalogObject[],
  exempt = NONE,
): readonly string[] {
  return compareCatalogs(source, restored, exempt).map(describeCatalogDifference);
}

const changed = (source: string, restored: string, kind: CatalogKind = 'function'): string | undefined =>
  told([object(kind, 'x', source)], [object(kind, 'x', restored)])[0];

describe('compareCatalogs', () => {
  test('equal catalogs have no difference', () => {
    const catalog = [object('schema', 'public'), object('table', 'public.t', 'kind: ordinary')];
    expect(told(catalog, catalog.toReversed())).toEqual([]);
  });

  test('names what is missing, added and changed, and gives both definitions', () => {
    const source = [object('table', 'a', 'one'), object('table', 'b', 'two')];
    const restored = [object('table', 'b', 'TWO'), object('table', 'c', 'three')];
    expect(compareCatalogs(source, restored, NONE)).toEqual([
      { kind: 'table', identity: 'a', change: 'missing', source: 'one' },
      { kind: 'table', identity: 'b', change: 'changed', source: 'two', restored: 'TWO' },
      { kind: 'table', identity: 'c', change: 'added', restored: 'three' },
    ]);
  });

  test('does not look at exempt kinds', () => {
    const source = [
      object('owner', 'table public.t', 'alice'),
      object('grant', 'SELECT on table public.t to bob'),
    ];
    const restored = [object('owner', 'table public.t', 'postgres')];
    expect(told(source, restored, new Set(['grant']))).toEqual(['owner table public.t: alice → postgres']);
    expect(told(source, restored, new Set(['grant', 'owner']))).toEqual([]);
  });

  test('the same identity under two kinds is two objects', () => {
    expect(told([object('table', 'x')], [object('view', 'x')])).toEqual([
      'table x: missing',
      'view x: added',
    ]);
  });

  test('one of two objects with the same name cannot get lost', () => {
    const twins = [object('other', 'x', 'one'), object('other', 'x', 'two')];
    expect(told(twins, [object('other', 'x', 'one')])).toEqual(['other x: line 2: two → (no such line)']);
  });
});

describe('describeCatalogDifference', () => {
  test('missing and added are said in a word', () => {
    expect(told([object('trigger', 'worm on public.audit_events', 'long\ntext')], [])).toEqual([
      'trigger worm on public.audit_events: missing',
    ]);
  });

  test('a property is named instead of its line', () => {
    const source = 'position: 1\ntype: text\nnot null: true';
    expect(changed(source, source.replace('true', 'false'), 'column')).toBe(
      'column x: not null: true → false',
    );
  });

  test('of a long text only the first line that differs is shown', () => {
    const body = Array.from({ length: 300 }, (_, index) => `statement ${index};`);
    expect(changed(body.join('\n'), body.with(6, 'RETURN NULL;').join('\n'))).toBe(
      'function x: line 7: statement 6; → RETURN NULL;',
    );
  });

  test.each([
    ['a\nb', 'a\nb\nc', 'line 3: (no such line) → c'],
    ['a\nb\nc', 'a\nb', 'line 3: c → (no such line)'],
    ['a\n\nb', 'a\nb', 'line 2: (empty) → b'],
    ['', 'comment', '(empty) → comment'],
    ['CHECK (a)', 'CHECK (b)', 'CHECK (a) → CHECK (b)'],
    ['end', 'end\r', 'end → end\\u{d}'],
  ])('%j against %j', (source, restored, expected) => {
    expect(changed(source, restored)).toBe(`function x: ${expected}`);
  });

  test('a long line is cut around the difference, between whole characters', () => {
    const line = `${'😀'.repeat(500)}one${'z'.repeat(500)}`;
    const description = changed(line, line.replace('one', 'two')) ?? '';
    expect(description).toContain(`…${'😀'.repeat(20)}one`);
    expect(description).toContain(`…${'😀'.repeat(20)}two`);
    expect(Buffer.from(description).toString()).toBe(description);
    expect(description.length).toBeLessThan(300);
  });

  test('is one line whatever an identifier holds', () => {
    expect(told([object('table', 'public."a\nb\u001B[31m\u202E"')], [])).toEqual([
      'table public."a\\u{a}b\\u{1b}[31m\\u{202e}": missing',
    ]);
  });
});

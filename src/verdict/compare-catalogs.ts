import type { CatalogKind, CatalogObject } from '../snapshot/catalog.ts';
import { mayBeLost, type Exempt } from './exemptions.ts';

/** One object that two databases do not say the same about. */
export interface CatalogDifference {
  readonly kind: CatalogKind;
  readonly identity: string;
  readonly change: 'missing' | 'added' | 'changed';
  /** The definition before the dump; undefined where `change` is `added`. */
  readonly source?: string;
  /** The definition after the restore; undefined where `change` is `missing`. */
  readonly restored?: string;
}

/**
 * All differences between the catalog before the dump and the one after the restore: objects of the source in their
 * order, then the added ones in theirs. Exempt objects are not looked at, nor who owns them, who may use
 * them and what is said of them; nor are exempt properties, which are lines `name: value` of a definition.
 */
export function compareCatalogs(
  source: readonly CatalogObject[],
  restored: readonly CatalogObject[],
  exempt: ReadonlySet<Exempt>,
  exemptProperties: ReadonlySet<string> = new Set(),
): CatalogDifference[] {
  const [before, after] = [source, restored].map((catalog) => byName(catalog, exempt, exemptProperties));
  if (!before || !after) return [];
  return [
    ...[...before]
      .flatMap(([name, object]) => differences(object, after.get(name)))
      .filter((difference) => !isLeftBehind(difference, exempt)),
    ...[...after].flatMap(([name, object]) => (before.has(name) ? [] : [addition(object)])),
  ];
}

function isLeftBehind({ kind, identity, change }: CatalogDifference, exempt: ReadonlySet<Exempt>): boolean {
  return kind === 'database-setting' && change === 'missing' && mayBeLost(exempt, identity);
}

/** Objects of one kind and identity, which a catalog should not have, are taken together: none gets lost. */
function byName(
  objects: readonly CatalogObject[],
  exempt: ReadonlySet<Exempt>,
  exemptProperties: ReadonlySet<string>,
): Map<string, CatalogObject> {
  const named = new Map<string, CatalogObject>();
  for (const whole of objects) {
    if (isExempt(whole, exempt)) continue;
    const object = withoutProperties(whole, exemptProperties);
    const name = `${object.kind} ${object.identity}`;
    const twin = named.get(name);
    named.set(name, twin ? { ...twin, definition: `${twin.definition}\n${object.definition}` } : object);
  }
  return named;
}

/** Kinds that say something about an object, whose kind their identity begins with. */
const ABOUT_OTHERS: ReadonlySet<CatalogKind> = new Set(['owner', 'grant', 'comment', 'security-label']);

function isExempt({ kind, identity }: CatalogObject, exempt: ReadonlySet<Exempt>): boolean {
  if (exempt.has(kind)) return true;
  if (kind === 'database-setting') return exempt.has(`${kind} ${identity.toLowerCase()}`);
  return ABOUT_OTHERS.has(kind) && [...exempt].some((other) => identity.startsWith(`${other} `));
}

function withoutProperties(object: CatalogObject, properties: ReadonlySet<string>): CatalogObject {
  if (properties.size === 0 || !WITH_PROPERTIES.has(object.kind)) return object;
  const lines = object.definition.split('\n').filter((line) => !properties.has(line.replace(/: .*$/s, '')));
  return { ...object, definition: lines.join('\n') };
}

const WITH_PROPERTIES: ReadonlySet<CatalogKind> = new Set([
  'extension',
  'table',
  'column',
  'index',
  'materialized-view',
]);

function differences(object: CatalogObject, restored: CatalogObject | undefined): CatalogDifference[] {
  const { kind, identity, definition: source } = object;
  if (!restored) return [{ kind, identity, change: 'missing', source }];
  if (restored.definition === source) return [];
  return [{ kind, identity, change: 'changed', source, restored: restored.definition }];
}

function addition({ kind, identity, definition }: CatalogObject): CatalogDifference {
  return { kind, identity, change: 'added', restored: definition };
}

/**
 * One line for people: `trigger worm on public.audit_events: missing`, and of a change the first line that differs:
 * `column public.t.c: type: text → integer`, `function public.f(): line 5: IF old THEN → IF new THEN`.
 */
export function describeCatalogDifference(difference: CatalogDifference): string {
  const { kind, identity, change, source = '', restored = '' } = difference;
  const what = `${kind} ${printable(identity)}`;
  return change === 'changed' ? `${what}: ${firstChange(source, restored)}` : `${what}: ${change}`;
}

function firstChange(source: string, restored: string): string {
  const before = source.split('\n');
  const after = restored.split('\n');
  const at = before.findIndex((line, index) => line !== after[index]);
  // Where every line of the source is there, the restored text goes on after them.
  const index = at === -1 ? before.length : at;
  const [old, now] = [before[index], after[index]];
  const property = sharedProperty(old, now);
  if (property !== undefined)
    return `${property}${sideBySide(old?.slice(property.length), now?.slice(property.length))}`;
  const where = before.length > 1 || after.length > 1 ? `line ${index + 1}: ` : '';
  return `${where}${sideBySide(old, now)}`;
}

/** The name in front of two lines of `name: value`, with colon and blank; it says more than a line number. */
function sharedProperty(old: string | undefined, now: string | undefined): string | undefined {
  const property = /^[a-z][a-z ]*: /.exec(old ?? '')?.[0];
  return property !== undefined && now?.startsWith(property) ? property : undefined;
}

const WIDTH = 80;
const CONTEXT = 20;
const CUT = '…';

function sideBySide(old: string | undefined, now: string | undefined): string {
  if (old === undefined || now === undefined) return `${shown(old, 0)} → ${shown(now, 0)}`;
  const start = differsAt(old, now);
  return `${shown(old, start)} → ${shown(now, start)}`;
}

function differsAt(old: string, now: string): number {
  const [before, after] = [Array.from(old), Array.from(now)];
  const at = before.findIndex((character, index) => character !== after[index]);
  return at === -1 ? before.length : at;
}

/** A line, or the part of a long line where it differs; whole characters, counted in code points. */
function shown(line: string | undefined, differsFrom: number): string {
  if (line === undefined) return '(no such line)';
  if (line === '') return '(empty)';
  const characters = Array.from(line);
  const from = characters.length <= WIDTH ? 0 : Math.max(0, differsFrom - CONTEXT);
  const part = printable(characters.slice(from, from + WIDTH).join(''));
  return `${from > 0 ? CUT : ''}${part}${from + WIDTH < characters.length ? CUT : ''}`;
}

/** Control and format characters, line breaks among them, as escapes: an identifier may have any. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

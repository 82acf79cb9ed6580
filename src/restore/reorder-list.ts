/** One line of an archive's list that stands for an object, with the comments that follow it. */
interface Entry {
  readonly lines: readonly string[];
  readonly id: string;
  readonly kind: string | undefined;
  readonly dependsOn: ReadonlySet<string>;
}

/**
 * Kinds of which two neighbours may change places unless one needs the other. Left out are kinds whose order carries a
 * meaning that the dependencies do not tell. The longer name comes first: `TABLE DATA` is no `TABLE` in a schema DATA.
 */
const SWAPPABLE = [
  'FK CONSTRAINT',
  'TABLE DATA',
  'SEQUENCE SET',
  'FUNCTION',
  'COMMENT',
  'CONSTRAINT',
  'TRIGGER',
  'DEFAULT',
  'INDEX',
  'TABLE',
];
const NOT_THESE = /^(?:TABLE|INDEX) ATTACH /;

/** `215; 1259 45363 TABLE public audit_events postgres` */
const ENTRY = /^(\d+); \d+ \d+ (.*)$/;
const DEPENDS_ON = /^;\s+depends on:([ \d]*)$/;

/**
 * The list of `pg_restore --list --verbose` with neighbours of one kind swapped, pair by pair from the top, where neither
 * depends on the other. Data stay in order where the archive cannot be read but from front to back. What lies between two entries needs no look: in a list that is in order, nothing does.
 */
export function reorderList(list: string, { keepDataInOrder }: { keepDataInOrder: boolean }): string {
  const fixed = keepDataInOrder ? 'TABLE DATA' : undefined;
  const { head, entries } = parseList(list);
  const ordered: Entry[] = [];
  for (let index = 0; index < entries.length; index++) {
    const [one, other] = [entries[index], entries[index + 1]];
    if (one && other && one.kind !== fixed && mayBeSwapped(one, other)) {
      ordered.push(other, one);
      index++;
    } else if (one) {
      ordered.push(one);
    }
  }
  return [...head, ...ordered.flatMap(({ lines }) => lines), ''].join('\n');
}

function parseList(list: string): { head: string[]; entries: Entry[] } {
  const head: string[] = [];
  const entries: Entry[] = [];
  for (const line of list.split('\n').filter((text) => text !== '')) {
    const [, id, rest = ''] = ENTRY.exec(line) ?? [];
    const last = entries.pop();
    if (id !== undefined) {
      if (last) entries.push(last);
      entries.push({ lines: [line], id, kind: kindOf(rest), dependsOn: new Set() });
    } else if (last) {
      const needs = DEPENDS_ON.exec(line)?.[1]?.split(' ') ?? [];
      entries.push({
        ...last,
        lines: [...last.lines, line],
        dependsOn: new Set([...last.dependsOn, ...needs]),
      });
    } else {
      head.push(line);
    }
  }
  return { head, entries };
}

function kindOf(rest: string): string | undefined {
  return NOT_THESE.test(rest) ? undefined : SWAPPABLE.find((kind) => rest.startsWith(`${kind} `));
}

function mayBeSwapped(one: Entry, other: Entry): boolean {
  return one.kind !== undefined && one.kind === other.kind && !other.dependsOn.has(one.id);
}

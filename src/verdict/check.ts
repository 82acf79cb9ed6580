import type { Acts, Untried, WormAct } from '../snapshot/acts/acts.ts';
import type { RowDifference } from '../snapshot/locate-differences.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Subject } from '../subject/subject.ts';
import type { Exempt } from './exemptions.ts';

/** The checks, in the order they are reported; the first four are the load-bearing ones. */
export const CHECK_IDS = [
  'row-count',
  'chain-head',
  'verify-clean',
  'verify-walked',
  'row-bytes',
  'chain-recomputed',
  'schema',
  'append-continues',
  'worm-enforced',
  'tamper-seen',
  'second-dump-equal',
] as const;

/** The load-bearing ones: rows counted, head byte-exact, verifier clean, every row walked. */
export const FIRST_FOUR_CHECKS = [
  'row-count',
  'chain-head',
  'verify-clean',
  'verify-walked',
] as const satisfies CheckId[];

export type CheckId = (typeof CHECK_IDS)[number];

/** Why a check is worth its place of which no known fault is seen by it alone; the self-test holds both ways. */
export const NEVER_ALONE: Readonly<Partial<Record<CheckId, string>>> = {
  'row-count': 'the number that operators compare by hand; where rows are missing, it says so in one word',
  'chain-head': 'the value that is kept elsewhere to compare with; it needs nothing of the source but itself',
  'verify-clean': 'what the database’s own users are told after the restore, whatever the bytes are',
  'verify-walked': 'without it, “clean” may be said of an empty table',
  'chain-recomputed':
    'needs neither the database’s functions nor the source’s rows, and names the row at which a chain ends',
};

/** The failed check that says most: lost bytes before what follows from them; undefined where none failed. */
export function mostTelling<C extends { readonly id: CheckId }>(broken: readonly C[]): C | undefined {
  return broken.find(({ id }) => id === 'row-bytes') ?? broken[0];
}

/** What one check found. */
export interface CheckResult {
  readonly id: CheckId;
  /** `left-out` is neither: what the check needs was not there, and `summary` says what. */
  readonly outcome: 'held' | 'failed' | 'left-out';
  /** One line. */
  readonly summary: string;
  /** On a failure: what the source had and what the restored database has. */
  readonly source?: string;
  readonly restored?: string;
  /** On a failure of `schema`: what sorts of change there are, `trigger missing`, each once, sorted. */
  readonly changes?: readonly string[];
}

/** All that checks may look at. */
export interface Evidence {
  readonly source: Snapshot;
  readonly restored: Snapshot;
  /** Where tables differ, as far as it could be found; whether they do is told by their digests. */
  readonly located?: readonly RowDifference[] | undefined;
  /** Undefined where the restored database must not be written to. */
  readonly acts?: Acts | undefined;
  /** What the source does about changes of its events; undefined where it was only read. */
  readonly forbidden?: WormAct | Untried | undefined;
  /** What the subject is known to do about them. */
  readonly refuses?: Subject['refuses'];
  /** What of the catalog the plan leaves behind by its own words, such as grants under --no-acl. */
  readonly exempt: ReadonlySet<Exempt>;
  /** Properties of catalog objects that it leaves behind, such as the tablespace under --no-tablespaces. */
  readonly exemptProperties?: ReadonlySet<string> | undefined;
  /** Objects that are of the server and not of the dump, told by `kind identity`. */
  readonly serversOwn?: readonly { readonly name: string; readonly pattern: RegExp }[] | undefined;
  /** Undefined where no second dump was taken; null where it equals the first. */
  readonly secondDump?: ScriptDifference | null | undefined;
}

/** The first line in which two dumps, as scripts, differ. */
export interface ScriptDifference {
  readonly line: number;
  readonly first: string | undefined;
  readonly second: string | undefined;
}

export function held(id: CheckId, summary: string): CheckResult {
  return { id, outcome: 'held', summary };
}

export function failed(id: CheckId, summary: string, source: unknown, restored: unknown): CheckResult {
  return { id, outcome: 'failed', summary, source: show(source), restored: show(restored) };
}

export const NOT_ACTED = 'the database was only read';

/** Of a subject whose payload is not known. */
export const NOT_RECOMPUTED = 'not applicable: the subject does not tell what is hashed';

export function leftOut(id: CheckId, summary: string): CheckResult {
  return { id, outcome: 'left-out', summary };
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

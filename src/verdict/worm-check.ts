import type { Attempt, Untried, WormAct } from '../snapshot/acts/acts.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Forbidden, RefusedBy } from '../subject/subject.ts';
import { describeRefusal } from '../text/refusal.ts';
import { failed, held, leftOut, NOT_ACTED, type CheckResult, type Evidence } from './check.ts';

const ID = 'worm-enforced';
/** What a write-once trigger has to refuse, whatever its source does. */
const NEVER_ALLOWED: readonly Forbidden[] = ['UPDATE', 'DELETE'];
const FORBIDDEN: readonly Forbidden[] = [...NEVER_ALLOWED, 'TRUNCATE'];

/**
 * UPDATE and DELETE are refused, and they and TRUNCATE end as on the source and as the subject has it: an error that
 * comes first, such as a table that is not found or a session that may only read, is no refusal of the trigger's.
 */
export function checkWormEnforced({ source, acts, forbidden, refuses }: Evidence): CheckResult {
  if (!acts) return leftOut(ID, NOT_ACTED);
  const { worm } = acts;
  if ('untried' in worm) return leftOut(ID, worm.untried);
  const before = triedOn(forbidden);
  const known = knownOf(refuses, source);
  const allowed = NEVER_ALLOWED.find((act) => worm[act] === 'allowed');
  if (allowed) return failed(ID, `${allowed} of an event is allowed`, 'refused', 'went through');
  for (const act of FORBIDDEN) {
    const expected = [known?.[act], before?.[act]].filter((end) => end !== undefined);
    const seen = worm[act];
    const other = expected.find((end) => !sameEnd(end, seen));
    if (other) return failed(ID, `${act} ends in another way`, describe(other), describe(seen));
    const mistaken = expected.length === 0 && NEVER_ALLOWED.includes(act) && isMistake(seen);
    if (mistaken) return failed(ID, `${act} fails before it is refused`, 'a refusal', describe(seen));
  }
  return held(ID, summaryOf(worm, before ? 'as on the source' : known && 'as its schema has it'));
}

/** Nothing is known of a source that was not asked, or that has no event to ask about. */
function triedOn(forbidden: WormAct | Untried | undefined): WormAct | undefined {
  return forbidden && !('untried' in forbidden) ? forbidden : undefined;
}

/** A trail may have the tables of a subject that is known, and triggers of its own. */
function knownOf(refuses: Evidence['refuses'], { catalog }: Snapshot): Evidence['refuses'] {
  const guards = Object.values(refuses ?? {}).map(({ by }) => `.${by}()`);
  const has = (guard: string): boolean =>
    catalog.some(({ kind, identity }) => kind === 'function' && `.${identity}`.endsWith(guard));
  return guards.every(has) ? refuses : undefined;
}

function sameEnd(one: Attempt | RefusedBy, other: Attempt): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.sqlstate === other.sqlstate && one.by === other.by;
}

/**
 * Errors of the server's own about a statement rather than an event: its values, the state of the transaction, names
 * that are not found, limits, internal errors. A missing privilege (42501) may be how events are guarded.
 */
const MISTAKE = /^(?:2[256]|3|42(?!501)|54|XX)/;

function isMistake(seen: Attempt): boolean {
  return typeof seen !== 'string' && !seen.raised && MISTAKE.test(seen.sqlstate);
}

function summaryOf(worm: WormAct, likeness: string | undefined): string {
  const refused = FORBIDDEN.filter((act) => worm[act] !== 'allowed');
  const list = refused.length > 2 ? 'UPDATE, DELETE and TRUNCATE' : refused.join(' and ');
  return `${list} refused${likeness ? `, ${likeness}` : '; how the source does is not known'}`;
}

function describe(end: Attempt | RefusedBy): string {
  if (end === 'allowed') return 'allowed';
  if (end === 'ignored') return 'ignored: no row changed, no error';
  const said = 'message' in end ? `: ${describeRefusal(end)}` : ` (SQLSTATE ${end.sqlstate})`;
  return `refused${end.by === undefined ? '' : ` by ${end.by}`}${said}`;
}

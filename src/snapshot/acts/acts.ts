import type { StatementRefusal } from '../../postgres/statement-refusal.ts';
import type { Forbidden, RefusedBy } from '../../subject/subject.ts';
import type { VerifierResult } from '../take-snapshot.ts';

/**
 * What the restored database did when it was acted upon. Every act runs in a transaction that is rolled back.
 * An act that could not be tried is `{ untried: why }`.
 */
export interface Acts {
  readonly append: AppendAct | Untried;
  readonly worm: WormAct | Untried;
  readonly tamper: TamperAct | Untried;
}

export interface Untried {
  readonly untried: string;
}

/** One more event was inserted. */
export interface AppendAct {
  /** Undefined where rows do not tell what was before them. */
  readonly previous: string | null | undefined;
  readonly stored: string;
  readonly recomputed: string | undefined;
  /** False where the subject does not tell what is hashed. */
  readonly recomputes: boolean;
  /** The head's hash afterwards. */
  readonly head: string | null;
  readonly verifier: VerifierResult | null;
  /** The error, where the insert, the head or the verifier failed; the fields above are then empty. */
  readonly error?: string | undefined;
}

/** An event was updated and deleted, and its table truncated; or not. */
export type WormAct = Readonly<Record<Forbidden, Attempt>>;

/** `ignored`: it went through, and no row was changed. */
export type Attempt = 'allowed' | 'ignored' | Refused;

export interface Refused extends StatementRefusal, RefusedBy {
  /** Whether a function refused it in so many words, in place of running into an error. */
  readonly raised: boolean;
}

/** One bit of a row was changed behind the triggers' back. */
export interface TamperAct {
  readonly id: string;
  readonly verifier: VerifierResult | null;
  readonly error?: string | undefined;
}

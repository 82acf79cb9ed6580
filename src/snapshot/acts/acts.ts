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

/** UPDATE and DELETE of an event were tried; a refusal is the server's message, null means it went through. */
export interface WormAct {
  readonly UPDATE: string | null;
  readonly DELETE: string | null;
}

/** One bit of a row was changed behind the triggers' back. */
export interface TamperAct {
  readonly id: string;
  readonly verifier: VerifierResult | null;
  readonly error?: string | undefined;
}

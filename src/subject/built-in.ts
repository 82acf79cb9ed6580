import { auditChain } from './audit-chain.ts';
import { hardened } from './hardened.ts';
import type { Subject } from './subject.ts';

/** The subjects that are built in, the usual one first. */
export const BUILT_IN_SUBJECTS: readonly Subject[] = [auditChain, hardened];

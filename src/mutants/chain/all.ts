import type { Mutant } from '../mutant.ts';
import { firstLinkEmptied } from './first-link-emptied.ts';
import { hashUpperCased } from './hash-upper-cased.ts';
import { hashesUpperCased } from './hashes-upper-cased.ts';
import { headDoubled } from './head-doubled.ts';
import { headEmptied } from './head-emptied.ts';
import { headMomentLost } from './head-moment-lost.ts';
import { headRewound } from './head-rewound.ts';
import { headRowLost } from './head-row-lost.ts';
import { headUpperCased } from './head-upper-cased.ts';
import { historyRewritten } from './history-rewritten.ts';
import { historyRewrittenBeforeTheDump } from './history-rewritten-before-the-dump.ts';
import { historyRewrittenHeadMoved } from './history-rewritten-head-moved.ts';
import { linkLost } from './link-lost.ts';
import { rowsLostBeforeTheDump } from './rows-lost-before-the-dump.ts';

export const CHAIN: readonly Mutant[] = [
  hashesUpperCased,
  hashUpperCased,
  headUpperCased,
  headRowLost,
  headEmptied,
  headRewound,
  headDoubled,
  headMomentLost,
  linkLost,
  firstLinkEmptied,
  historyRewritten,
  historyRewrittenHeadMoved,
  historyRewrittenBeforeTheDump,
  rowsLostBeforeTheDump,
];

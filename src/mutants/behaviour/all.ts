import type { Mutant } from '../mutant.ts';
import { chainFunctionLeavesTheHead } from './chain-function-leaves-the-head.ts';
import { digestAnswersAsStored } from './digest-answers-as-stored.ts';
import { digestOfAnotherHand } from './digest-of-another-hand.ts';
import { payloadWithoutDetails } from './payload-without-details.ts';
import { sessionsAsReplicas } from './sessions-as-replicas.ts';
import { sessionsReadOnly } from './sessions-read-only.ts';
import { sourceChainDisabled } from './source-chain-disabled.ts';
import { sourceVerifierLies } from './source-verifier-lies.ts';
import { sourceWormDisabled } from './source-worm-disabled.ts';
import { sourceWormFails } from './source-worm-fails.ts';
import { triggersForgotten } from './triggers-forgotten.ts';
import { verifierAlwaysClean } from './verifier-always-clean.ts';
import { verifierWithoutHashes } from './verifier-without-hashes.ts';
import { wormFunctionLetsPass } from './worm-function-lets-pass.ts';
import { wormFunctionSwallows } from './worm-function-swallows.ts';

export const BEHAVIOUR: readonly Mutant[] = [
  verifierAlwaysClean,
  verifierWithoutHashes,
  wormFunctionLetsPass,
  wormFunctionSwallows,
  chainFunctionLeavesTheHead,
  payloadWithoutDetails,
  digestAnswersAsStored,
  digestOfAnotherHand,
  triggersForgotten,
  sessionsAsReplicas,
  sessionsReadOnly,
  sourceVerifierLies,
  sourceWormDisabled,
  sourceWormFails,
  sourceChainDisabled,
];

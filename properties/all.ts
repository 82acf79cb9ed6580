import type { Property } from '../src/index.ts';
import { aDamagedDumpIsNeverSilent } from './a-damaged-dump-is-never-silent.ts';
import { aDumpTakenWhileWritersAppendIsACleanPrefix } from './a-dump-taken-while-writers-append-is-a-clean-prefix.ts';
import { aNewerServerAgrees } from './a-newer-server-agrees.ts';
import { aLoadedChainIsTheTriggersOwn } from './a-loaded-chain-is-the-triggers-own.ts';
import { anInterruptedToolIsNeverSilent } from './an-interrupted-tool-is-never-silent.ts';
import { aSecondDumpIsEqual } from './a-second-dump-is-equal.ts';
import { everyFaithfulPlanIsFaithful } from './every-faithful-plan-is-faithful.ts';
import { everyHazardIsSeen } from './every-hazard-is-seen.ts';
import { everyMutantIsKilled } from './every-mutant-is-killed.ts';
import { formatsAgree } from './formats-agree.ts';
import { nothingIsLostSilently } from './nothing-is-lost-silently.ts';
import { parallelAgreesWithSerial } from './parallel-agrees-with-serial.ts';
import { sectionsCompose } from './sections-compose.ts';
import { sqlAndTypescriptAgreeOnTheChain } from './sql-and-typescript-agree-on-the-chain.ts';
import { theChainGoesOn } from './the-chain-goes-on.ts';
import { theFixedCycleIsFaithful } from './the-fixed-cycle-is-faithful.ts';
import { thePipelineIsFaithful } from './the-pipeline-is-faithful.ts';

/** Every promise. A run draws from them by weight; their order is part of what a seed means. */
export const PROPERTIES: readonly Property[] = [
  everyFaithfulPlanIsFaithful,
  nothingIsLostSilently,
  everyHazardIsSeen,
  formatsAgree,
  sectionsCompose,
  parallelAgreesWithSerial,
  aSecondDumpIsEqual,
  theChainGoesOn,
  sqlAndTypescriptAgreeOnTheChain,
  theFixedCycleIsFaithful,
  aDumpTakenWhileWritersAppendIsACleanPrefix,
  aDamagedDumpIsNeverSilent,
  thePipelineIsFaithful,
  anInterruptedToolIsNeverSilent,
  aLoadedChainIsTheTriggersOwn,
  everyMutantIsKilled,
  aNewerServerAgrees,
];

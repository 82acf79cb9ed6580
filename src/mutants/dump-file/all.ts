import type { Mutant } from '../mutant.ts';
import { scriptCutBeforeConstraints } from './script-cut-before-constraints.ts';
import { scriptInAnotherEncoding } from './script-in-another-encoding.ts';
import { dumpWithRowsTwice } from './dump-with-rows-twice.ts';
import { dumpWithoutEras } from './dump-without-eras.ts';
import { scriptWithoutGrants } from './script-without-grants.ts';
import { dumpWithoutHeadRow } from './dump-without-head-row.ts';
import { dumpWithoutLastRow } from './dump-without-last-row.ts';
import { scriptWithoutPositions } from './script-without-positions.ts';
import { scriptWithoutWormTrigger } from './script-without-worm-trigger.ts';

export const DUMP_FILE: readonly Mutant[] = [
  dumpWithoutLastRow,
  dumpWithRowsTwice,
  dumpWithoutHeadRow,
  scriptWithoutWormTrigger,
  scriptWithoutGrants,
  scriptWithoutPositions,
  scriptCutBeforeConstraints,
  scriptInAnotherEncoding,
  dumpWithoutEras,
];

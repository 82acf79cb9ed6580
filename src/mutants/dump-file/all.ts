import type { Mutant } from '../mutant.ts';
import { scriptCutBeforeConstraints } from './script-cut-before-constraints.ts';
import { scriptInAnotherEncoding } from './script-in-another-encoding.ts';
import { scriptWithRowsTwice } from './script-with-rows-twice.ts';
import { scriptWithoutEras } from './script-without-eras.ts';
import { scriptWithoutGrants } from './script-without-grants.ts';
import { scriptWithoutHeadRow } from './script-without-head-row.ts';
import { scriptWithoutLastRow } from './script-without-last-row.ts';
import { scriptWithoutPositions } from './script-without-positions.ts';
import { scriptWithoutWormTrigger } from './script-without-worm-trigger.ts';

export const DUMP_FILE: readonly Mutant[] = [
  scriptWithoutLastRow,
  scriptWithRowsTwice,
  scriptWithoutHeadRow,
  scriptWithoutWormTrigger,
  scriptWithoutGrants,
  scriptWithoutPositions,
  scriptCutBeforeConstraints,
  scriptInAnotherEncoding,
  scriptWithoutEras,
];

import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import { DUMP_REJECTIONS } from './dump-rejections.ts';
import type { Rejection } from './rejection.ts';
import { RESTORE_REJECTIONS } from './restore-rejections.ts';

/** All of them, in the order in which a trial meets them. From src/bin/pg_dump/pg_dump.c, pg_restore.c, pg_backup_*.c, src/bin/psql/. */
export const REJECTIONS: readonly Rejection[] = [...DUMP_REJECTIONS, ...RESTORE_REJECTIONS];

/** The first rejection that applies at a stage; undefined where the tools take the plan. */
export function rejectionOf(trial: Case, world: World, stage: Rejection['stage']): Rejection | undefined {
  return REJECTIONS.find((rejection) => rejection.stage === stage && rejection.applies(trial, world));
}

import type { Case } from '../case/case.ts';

/** The case with more options that leave something behind: pg_dump's where psql runs its script, else pg_restore's. */
export function leavingOut({ dump, restore, ...trial }: Case, ...words: readonly string[]): Case {
  return dump.format === 'plain'
    ? { ...trial, restore, dump: { ...dump, options: [...(dump.options ?? []), ...words] } }
    : { ...trial, dump, restore: { ...restore, options: [...(restore.options ?? []), ...words] } };
}

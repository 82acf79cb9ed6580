import { oneOf } from './chance.ts';
import { dumping, restoring } from './change-case.ts';
import { ARCHIVES, type Recipe } from './recipe.ts';
import type { World } from './world.ts';

/** Options of pg_dump that leave out part of what the chain needs. */
const dumped = (hazard: string, options: readonly string[], more: Partial<Recipe> = {}): Recipe => ({
  hazard,
  features: ['part'],
  ...more,
  change: oneOf(options.map((option) => dumping({}, [option]))),
});

/** Options of pg_restore that do. */
const restored = (hazard: string, options: readonly string[], more: Partial<Recipe> = {}): Recipe => ({
  hazard,
  formats: ARCHIVES,
  features: ['part'],
  ...more,
  change: oneOf(options.map((option) => restoring({}, [option]))),
});

/** A table by its name, in a run of pg_restore for each section. */
const byStrictName = (table: string): Recipe => ({
  hazard: 'strict-names-by-section',
  formats: ARCHIVES,
  features: ['part'],
  without: ['use-list'],
  change: oneOf([restoring({ by_section: true }, ['--strict-names', `--table=${table}`])]),
});

export function filterRecipes({ subject }: World): Recipe[] {
  const { events, head } = subject.tables;
  const extension = { possible: subject.extension !== undefined };
  return [
    dumped('schema-public-already-there', ['--schema=public']),
    dumped('schema-without-extension', ['--schema=public'], {
      ...extension,
      features: ['part', 'clean'],
      without: ['parts'],
    }),
    restored('schema-without-extension', ['--schema=public'], extension),
    // Where an extension is left out as well, that is what shows.
    dumped('schema-public-closed', ['--schema=public'], {
      possible: subject.extension === undefined,
      features: ['part', 'clean'],
      without: ['parts'],
    }),
    dumped('schema-left-out', ['--exclude-schema=public']),
    restored('schema-left-out', ['--exclude-schema=public']),
    dumped('data-left-out', ['--schema-only']),
    restored('data-left-out', ['--schema-only', '--section=pre-data']),
    dumped('events-left-out', [`--exclude-table-data=${events}`], { workload: { minRows: 1 } }),
    dumped('head-left-out', [`--exclude-table=${head}`, `--exclude-table-data=${head}`]),
    restored('head-left-out', [`--table=${events}`]),
    byStrictName(events),
    dumped('triggers-without-functions', [`--table=${events}`, '--table=audit_*']),
    dumped('tables-without-functions', ['--table=audit_*'], {
      formats: ['plain', 'plain', 'custom', 'directory', 'tar'],
      features: ['part', 'go-on', 'script'],
      without: ['single-transaction'],
    }),
  ];
}

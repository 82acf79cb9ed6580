import type { World } from '../case/world.ts';

type Tool = 'pg_dump' | 'pg_restore';

/** Since which major version a tool knows an option that came after 13 (diff of the `long_options` tables, 13 to 19). */
const SINCE: Readonly<Record<string, Partial<Record<Tool, number>>>> = {
  '--extension': { pg_dump: 14 },
  '--no-toast-compression': { pg_dump: 14 },
  '--no-table-access-method': { pg_dump: 15, pg_restore: 15 },
  '--table-and-children': { pg_dump: 16 },
  '--exclude-table-and-children': { pg_dump: 16 },
  '--exclude-table-data-and-children': { pg_dump: 16 },
  '--large-objects': { pg_dump: 16 },
  '--no-large-objects': { pg_dump: 16 },
  '--exclude-extension': { pg_dump: 17 },
  '--filter': { pg_dump: 17, pg_restore: 17 },
  '--sync-method': { pg_dump: 17 },
  '--transaction-size': { pg_restore: 17 },
  '--no-data': { pg_dump: 18, pg_restore: 18 },
  '--no-schema': { pg_dump: 18, pg_restore: 18 },
  '--no-policies': { pg_dump: 18, pg_restore: 18 },
  '--sequence-data': { pg_dump: 18 },
  '--statistics': { pg_dump: 18, pg_restore: 18 },
  '--no-statistics': { pg_dump: 18, pg_restore: 18 },
  '--statistics-only': { pg_dump: 18, pg_restore: 18 },
};

/** The minor release of each major in which `--restrict-key` came. */
const RESTRICT_KEY: Readonly<Record<number, number>> = { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 };

/** Whether scripts of this version have `\\restrict` in them, and its psql knows it. */
export function knowsRestrict({ major, minor }: World['tools']): boolean {
  return minor >= (RESTRICT_KEY[major] ?? (major < 18 ? Infinity : 0));
}

/** Whether a tool of the world's version says `unrecognized option` to one of the words. */
export function hasUnknownOption(words: readonly string[], tool: Tool, { tools }: World): boolean {
  return words.some((word) => {
    const [name = ''] = word.split('=', 1);
    if (name === '--no-such-option') return true;
    // Gone from 15 on, with the support for servers before 9.2.
    if (name === '--no-synchronized-snapshots') return tool === 'pg_restore' || tools.major >= 15;
    if (name === '--restrict-key') return !knowsRestrict(tools);
    const since = SINCE[name];
    return since !== undefined && tools.major < (since[tool] ?? Infinity);
  });
}

import type { Case } from '../case/case.ts';

/** The restored database has the source's encoding, which is UTF8. */
export function inUtf8({ target }: Case): boolean {
  return target.kind === 'wiped' || target.encoding === undefined || target.encoding === 'UTF8';
}

/** The dump has its rows as COPY does, in a script or in files of their own, which are plain or compressed by gzip. */
export function copiedRows({ dump }: Case): boolean {
  const { format, rows, compress = '' } = dump;
  const readable = format === 'plain' || (format === 'directory' && !/^(?:lz4|zstd)/.test(compress));
  return readable && rows === undefined;
}

/** Dump and restore are of the whole database at once. */
export function isWhole({ dump, restore }: Case): boolean {
  const words = [...(dump.options ?? []), ...(restore.options ?? [])];
  return (
    dump.parts === undefined &&
    restore.by_section !== true &&
    restore.use_list === undefined &&
    !words.some((word) => /^--(?:section|schema-only|data-only|statistics)/.test(word))
  );
}

/** Nothing in the plan leaves large objects out, or asks for them apart. */
export function keepsLargeObjects({ dump }: Case): boolean {
  return !(dump.options ?? []).some((word) => /^(?:-[bB]|--(?:no-)?(?:blobs|large-objects))$/.test(word));
}

/** The restored database is made without a search_path of its own, which would be nothing to wonder at. */
export function keepsSearchPath({ target }: Case): boolean {
  return target.kind === 'wiped' || target.settings?.['search_path'] === undefined;
}

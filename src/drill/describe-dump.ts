import type { DumpFile } from './dump-file.ts';
import type { ScriptFacts } from './scan-script.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `12.3 MB`, in thousands. */
export function describeBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}

/** `custom, 12.3 MB, of PostgreSQL 15.18 by pg_dump 15.18` */
export function describeDump({ format, gzipped, bytes }: DumpFile, facts: ScriptFacts | undefined): string {
  const from = facts?.dumpedFrom ? `of PostgreSQL ${facts.dumpedFrom.text}` : undefined;
  const by = facts?.dumpedBy ? `by pg_dump ${facts.dumpedBy.text}` : undefined;
  const origin = [from, by].filter((part) => part !== undefined).join(' ');
  const what = `${format}${gzipped ? ', gzipped' : ''}, ${describeBytes(bytes)}`;
  return `${what}, ${origin === '' ? 'of an unknown version' : origin}`;
}

import type { Case, DumpPlan, RestorePlan, Target } from './case.ts';

/**
 * The classes that a case's plans belong to, for counting what a run has covered: `format:directory`,
 * `compress:gzip`, `restore:script`, `target:latin1`, `option:--no-owner`, `environment:PGTZ`. Each once, in a fixed order.
 */
export function classifyPlan({ dump, restore, target, pipeline }: Case): string[] {
  if (pipeline) return [`pipeline:${pipeline.name}`, ...new Set(targetClasses(target))];
  return [...new Set([...dumpClasses(dump), ...restoreClasses(restore), ...targetClasses(target)])];
}

function dumpClasses(dump: DumpPlan): string[] {
  const { format, compress, jobs = 1, rows, parts, options = [], environment = {} } = dump;
  return [
    `format:${format}`,
    `compress:${compressionClass(compress)}`,
    `dump-jobs:${jobs > 1 ? 'parallel' : 'serial'}`,
    `dump-rows:${typeof rows === 'number' ? 'rows-per-insert' : (rows ?? 'copy')}`,
    `parts:${parts ?? 'whole'}`,
    ...options.map((word) => `option:${optionName(word)}`),
    ...Object.keys(environment).map((name) => `environment:${name}`),
  ];
}

/** A digit is a level of gzip; without a word the format decides. */
function compressionClass(compress: string | undefined): string {
  if (compress === undefined) return 'default';
  if (compress === '0') return 'none';
  return /^\d+$/.test(compress) ? 'gzip' : compress.replace(/:.*$/, '');
}

/** Without its value, except where the value is what the class is about. */
function optionName(word: string): string {
  return /^--(?:set|section)=/.test(word) ? word : word.replace(/=.*$/, '');
}

function restoreClasses(restore: RestorePlan): string[] {
  const { tool, jobs = 1, transaction_size, use_list, options = [], environment = {} } = restore;
  const flags = [
    'single_transaction',
    'clean',
    'create',
    'by_section',
    'stdin',
    'go_on_after_errors',
  ] as const;
  return [
    `restore:${tool}`,
    `restore-jobs:${jobs > 1 ? 'parallel' : 'serial'}`,
    ...flags.filter((flag) => restore[flag] === true).map((flag) => `restore:${flag}`),
    ...(transaction_size === undefined ? [] : ['restore:transaction_size']),
    ...(use_list === undefined ? [] : [`use-list:${use_list}`]),
    ...options.map((word) => `restore-option:${optionName(word)}`),
    ...Object.keys(environment).map((name) => `restore-environment:${name}`),
  ];
}

function targetClasses(target: Target): string[] {
  if (target.kind === 'wiped') return ['target:wiped'];
  const { encoding, provider, locale, settings = {}, prepared } = target;
  return [
    'target:fresh',
    ...(encoding === undefined ? [] : [`target:${encoding.toLowerCase()}`]),
    ...(locale === undefined ? [] : [`collation:${provider ?? 'libc'}:${locale}`]),
    ...(prepared === true ? ['target:prepared'] : []),
    ...Object.keys(settings).map((name) => `setting:${name}`),
  ];
}

/**
 * Classes that a deep run over the whole space must have met, with the least count per 1000 cases: at most some two
 * thirds of the least count of eight seeds, so that an unlucky seed is no alarm and a class that is gone is one.
 */
export const COVERAGE_FLOORS: Readonly<Record<string, number>> = {
  'format:custom': 150,
  'format:plain': 150,
  'format:directory': 150,
  'format:tar': 150,
  'compress:none': 20,
  'compress:gzip': 60,
  'dump-jobs:parallel': 25,
  'dump-rows:inserts': 15,
  'dump-rows:column-inserts': 15,
  'dump-rows:rows-per-insert': 60,
  'parts:sections': 40,
  'parts:schema-and-data': 5,
  'restore:pg_restore': 300,
  'restore:script': 50,
  'restore:psql': 150,
  'restore-jobs:parallel': 40,
  'restore:single_transaction': 60,
  'restore:clean': 60,
  'restore:create': 30,
  'restore:by_section': 20,
  'restore:stdin': 30,
  'restore:go_on_after_errors': 50,
  'use-list:as-is': 15,
  'use-list:reordered': 15,
  'target:wiped': 250,
  'target:fresh': 250,
  'target:prepared': 40,
  'target:utf8': 50,
  'target:latin1': 10,
  'target:sql_ascii': 10,
  'target:win1252': 10,
  'target:latin9': 10,
  'target:euc_jp': 4,
  'setting:TimeZone': 60,
  'setting:DateStyle': 60,
  'setting:search_path': 30,
  'environment:PGTZ': 50,
  'environment:PGDATESTYLE': 50,
  'environment:PGCLIENTENCODING': 40,
  'environment:PGOPTIONS': 50,
  'environment:TZ': 40,
  'environment:LC_ALL': 40,
  'restore-environment:PGTZ': 50,
  'restore-environment:PGDATESTYLE': 50,
  'restore-environment:PGCLIENTENCODING': 40,
  'restore-environment:PGOPTIONS': 50,
  'option:--no-owner': 15,
  'option:--quote-all-identifiers': 25,
  'option:--disable-dollar-quoting': 25,
  'option:--serializable-deferrable': 25,
  'option:--schema': 5,
  'option:--table': 15,
};

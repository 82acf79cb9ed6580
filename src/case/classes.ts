import type { Case, DumpPlan, RestorePlan, Target } from './case.ts';

/**
 * The classes that a case's plans belong to, for counting what a run has covered: `format:directory`,
 * `compress:gzip`, `restore:script`, `target:latin1`, `option:--no-owner`, `environment:PGTZ`. Each once, in a fixed order.
 */
export function classifyPlan({ dump, restore, target, pipeline, upgrade }: Case): string[] {
  if (pipeline) return [`pipeline:${pipeline.name}`, ...new Set(targetClasses(target))];
  const plans = [...dumpClasses(dump), ...restoreClasses(restore), ...targetClasses(target)];
  const versions = upgrade ? [`versions:${upgrade.from} → ${upgrade.to}`] : [];
  return [...new Set([...plans, ...versions])];
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

import type { Case, Disturbance, DumpPlan, FreshTarget, RestorePlan, Target } from '../case/case.ts';
import type { Pipeline } from '../case/pipeline.ts';

/** The options of a case in words for Markdown: only those that are away from their defaults, or that there are none. */
export function describeOptions({ dump, restore, target, pipeline, disturbance }: Case): string[] {
  const lines = [
    ...(pipeline ? describePipeline(pipeline) : [...describeDump(dump), ...describeRestore(dump, restore)]),
    ...describeTarget(target),
    ...(disturbance ? [describeDisturbance(disturbance)] : []),
  ];
  return lines.length === 0 ? ['every option as it is by default'] : lines;
}

function describePipeline({ name, dump, wipe, restore }: Pipeline): string[] {
  return [
    `by the pipeline ${code(name)}`,
    ...[['dump', dump] as const, ['wipe', wipe] as const, ['restore', restore] as const].flatMap(
      ([stage, command]) => (command === undefined ? [] : [`${stage}: ${code(command.trim())}`]),
    ),
  ];
}

function describeDisturbance(disturbance: Disturbance): string {
  if ('interruption' in disturbance) {
    const { kind, during, at } = disturbance.interruption;
    return `on purpose, during the ${during}: ${kind}, at ${at} of it`;
  }
  if ('damage' in disturbance)
    return `on purpose, damage to the dump: ${code(JSON.stringify(disturbance.damage))}`;
  return 'mutant' in disturbance
    ? `on purpose, the mutant ${code(disturbance.mutant)}`
    : `on purpose, done to the restored database: ${code(disturbance.sql)}`;
}

function describeDump(dump: DumpPlan): string[] {
  const { format, compress, jobs, rows, parts, options, environment } = dump;
  return [
    ...(format === 'custom' ? [] : [`dumped in the ${format} format`]),
    ...(compress === undefined ? [] : [`compressed: ${code(`--compress=${compress}`)}`]),
    ...(jobs === undefined ? [] : [`dumped by ${jobs} job(s)`]),
    ...(rows === undefined ? [] : [describeRows(rows)]),
    ...(parts === undefined ? [] : [PARTS[parts]]),
    ...describeOptionWords('pg_dump', options),
    ...describeEnvironment('pg_dump', environment),
  ];
}

const PARTS = {
  sections: 'a dump for each section',
  'schema-and-data': 'a dump of the schema and one of the data',
} as const;

function describeRows(rows: NonNullable<DumpPlan['rows']>): string {
  if (typeof rows === 'number') return `rows as INSERTs of ${rows}`;
  return rows === 'inserts' ? 'rows as INSERTs' : 'rows as INSERTs with column names';
}

function describeRestore(dump: DumpPlan, restore: RestorePlan): string[] {
  const { tool, jobs, transaction_size: size, use_list: list, options, environment } = restore;
  const usual = dump.format === 'plain' ? 'psql' : 'pg_restore';
  const flags: [boolean | undefined, string][] = [
    [restore.single_transaction, 'restored in a single transaction'],
    [restore.clean, 'restored with `--clean --if-exists`'],
    [restore.create, 'restored with `--create`: the restore makes the database'],
    [restore.by_section, 'restored section by section'],
    [restore.stdin, 'the archive comes by standard input'],
    [restore.go_on_after_errors, 'the restore goes on after an error'],
  ];
  return [
    ...(tool === usual ? [] : [tool === 'script' ? 'turned into a script for psql' : `restored by ${tool}`]),
    ...(jobs === undefined ? [] : [`restored by ${jobs} job(s)`]),
    ...(size === undefined ? [] : [`restored with ${code(`--transaction-size=${size}`)}`]),
    ...(list === undefined ? [] : [`restored by the archive's list, ${LISTS[list]}`]),
    ...flags.flatMap(([given, words]) => (given ? [words] : [])),
    ...describeOptionWords(tool === 'psql' ? 'psql' : 'pg_restore', options),
    ...describeEnvironment('the restore', environment),
  ];
}

const LISTS = { 'as-is': 'as it is', reordered: 'with neighbours swapped' } as const;

function describeTarget(target: Target): string[] {
  return target.kind === 'wiped' ? [] : [`restored into ${describeFresh(target)}`];
}

function describeFresh({ encoding, provider, locale, settings = {}, prepared }: FreshTarget): string {
  const parts = [
    ...(encoding === undefined ? [] : [`encoding ${encoding}`]),
    ...(provider === undefined ? [] : [`provider ${provider}`]),
    ...(locale === undefined ? [] : [`locale ${code(locale)}`]),
    ...Object.entries(settings).map(([name, value]) => code(`${name} = ${value}`)),
    ...(prepared ? ['the schema installed already'] : []),
  ];
  return parts.length === 0 ? 'a fresh database' : `a fresh database: ${parts.join(', ')}`;
}

function describeOptionWords(tool: string, options: readonly string[] = []): string[] {
  return options.length === 0 ? [] : [`further options of ${tool}: ${code(options.join(' '))}`];
}

function describeEnvironment(who: string, environment: Readonly<Record<string, string>> = {}): string[] {
  const variables = Object.entries(environment).map(([name, value]) => code(`${name}=${value}`));
  return variables.length === 0 ? [] : [`${who} runs under ${variables.join(', ')}`];
}

/** Double backticks hold single ones. */
function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}

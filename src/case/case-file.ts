import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { firstLine, UsageError } from '../errors.ts';
import { describeIssue, readJson } from '../text/json-document.ts';
import { DAMAGES, DUMP_FORMATS, INTERRUPTIONS, type Case } from './case.ts';
import { pipelineSchema } from './pipeline.ts';

const CASE_FORMAT = 'restoreproof.case/v1';

/** Where a case came from and what it showed; kept beside the case in its file, and no part of it. */
export interface Found {
  readonly property: string;
  readonly seed?: number | undefined;
  readonly index?: number | undefined;
  readonly signature?: string | undefined;
  readonly server?: string | undefined;
  readonly tools?: string | undefined;
}

/** Which subject a case was found with: a built-in one by its name, a directory of migrations, or a subject file. */
export type CaseSubject = 'hardened' | { readonly migrations: string } | { readonly file: string };

/** What a case file holds. */
export interface CaseFile {
  readonly trial: Case;
  /** Undefined: the first built-in one. */
  readonly subject: CaseSubject | undefined;
  readonly found: Found | undefined;
}

const settings = z.record(z.string(), z.string());
const microseconds = z.string().regex(/^-?\d+$/, 'microseconds since 1970 as decimal digits are wanted');

const event = z.strictObject({
  id: z.string(),
  actor: z.string(),
  actor_type: z.string(),
  action: z.string(),
  resource_type: z.string(),
  resource_id: z.string(),
  details: z.string().nullable(),
  timestamp: z.strictObject({ at: microseconds.optional(), written: z.string().optional() }).optional(),
  event_category: z.string().nullable().optional(),
});

const workload = z.strictObject({
  session: settings.optional(),
  writers: z.number().int().positive().optional(),
  loaded: z.number().int().positive().optional(),
  transactions: z.array(
    z.strictObject({
      end: z.literal('rollback').optional(),
      statements: z.array(
        z.strictObject({
          insert: z.enum(['each', 'together', 'copy']),
          savepoint: z.literal('rollback').optional(),
          events: z.array(event),
        }),
      ),
    }),
  ),
});

const dump = z.strictObject({
  format: z.enum(DUMP_FORMATS),
  compress: z.string().optional(),
  jobs: z.number().int().positive().optional(),
  rows: z.union([z.enum(['inserts', 'column-inserts']), z.number().int()]).optional(),
  parts: z.enum(['sections', 'schema-and-data']).optional(),
  options: z.array(z.string()).optional(),
  environment: settings.optional(),
});

const restore = z.strictObject({
  tool: z.enum(['pg_restore', 'psql', 'script']),
  jobs: z.number().int().positive().optional(),
  single_transaction: z.boolean().optional(),
  transaction_size: z.number().int().positive().optional(),
  clean: z.boolean().optional(),
  create: z.boolean().optional(),
  by_section: z.boolean().optional(),
  use_list: z.enum(['as-is', 'reordered']).optional(),
  stdin: z.boolean().optional(),
  go_on_after_errors: z.boolean().optional(),
  options: z.array(z.string()).optional(),
  environment: settings.optional(),
});

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('wiped') }),
  z.strictObject({
    kind: z.literal('fresh'),
    encoding: z.string().optional(),
    provider: z.enum(['libc', 'icu']).optional(),
    locale: z.string().optional(),
    settings: settings.optional(),
    prepared: z.boolean().optional(),
  }),
]);

const fraction = z.number().min(0).lt(1);

const damage = z.strictObject({
  kind: z.enum(DAMAGES),
  file: fraction,
  at: fraction,
  bit: z.number().int().min(0).max(7).optional(),
  byte: z.number().int().min(0).max(255).optional(),
  other: fraction.optional(),
});

const disturbance = z.union([
  z.strictObject({ sql: z.string() }),
  z.strictObject({ mutant: z.string() }),
  z.strictObject({ damage }),
  z.strictObject({
    interruption: z.strictObject({
      kind: z.enum(INTERRUPTIONS),
      during: z.enum(['dump', 'restore']),
      at: fraction,
    }),
  }),
]);

const side = z.enum(['from', 'to']);
const major = z.number().int().positive();
const upgrade = z.strictObject({ from: major, to: major, dump_by: side, restore_by: side });

const file = z.strictObject({
  format: z.literal(CASE_FORMAT),
  workload,
  dump,
  restore,
  target,
  pipeline: pipelineSchema.optional(),
  upgrade: upgrade.optional(),
  disturbance: disturbance.optional(),
  subject: z
    .union([
      z.literal('hardened'),
      z.strictObject({ migrations: z.string() }),
      z.strictObject({ file: z.string() }),
    ])
    .optional(),
  found: z
    .strictObject({
      property: z.string(),
      seed: z.number().int().optional(),
      index: z.number().int().optional(),
      signature: z.string().optional(),
      server: z.string().optional(),
      tools: z.string().optional(),
    })
    .optional(),
});

/** The text of a case file. The same case is always the same bytes. */
export function caseFileText(trial: Case, found?: Found, subject?: CaseSubject): string {
  const beside = { ...(subject ? { subject } : {}), ...(found ? { found } : {}) };
  return `${JSON.stringify({ ...trial, ...beside }, null, 2)}\n`;
}

/**
 * Reads a case out of a file's text.
 * @param name of the file, for the error
 * @throws UsageError where it is not JSON, or not a case of a known format
 */
export function parseCaseFile(text: string, name: string): CaseFile {
  const read = readJson(text);
  if ('fault' in read) throw new UsageError({ what: `${name} is not JSON`, why: read.fault, next: NEXT });
  const { value: json } = read;
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined;
  if (format !== CASE_FORMAT) {
    const why = format === undefined ? 'it names no format' : `its format is ${JSON.stringify(format)}`;
    throw new UsageError({
      what: `${name} is not a case`,
      why: `${why}; this version reads ${CASE_FORMAT}`,
      next: `${NEXT}, or use the version that wrote it`,
    });
  }
  const parsed = file.safeParse(json);
  if (!parsed.success) {
    const why = describeIssue(parsed.error, 'the case');
    throw new UsageError({ what: `${name} is not a valid case`, why, next: NEXT });
  }
  const { found, subject, ...trial } = parsed.data;
  return { trial, found, subject };
}

const NEXT = 'name a case.json that restoreproof wrote, or the folder it is in';

/** @throws UsageError, also where the file cannot be read */
export async function readCaseFile(path: string): Promise<CaseFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError({
      what: `the case ${path} cannot be read`,
      why: firstLine(cause),
      next: NEXT,
      cause,
    });
  });
  return parseCaseFile(text, path);
}

import { z } from 'zod';
import { fillIn } from '../text/placeholders.ts';

/**
 * An operator's own way from one database to the other: commands for a shell. In a case it stands in the place of the
 * dump plan and the restore plan. This is also the file of `--pipeline`, so an absent key is a default.
 */
export interface Pipeline {
  /** Letters, digits, `.`, `_` and `-`. In a file, absent: the name of the file. */
  readonly name: string;
  /** Absent: one database. `cluster`: whole servers are dumped or restored, so that each trial has one of its own. */
  readonly scope?: 'cluster' | undefined;
  /** What runs the commands; absent: `sh`. */
  readonly shell?: 'sh' | 'bash' | undefined;
  /** Where the restore can go: into the source database, emptied, or into another one. Absent: `wiped` only. */
  readonly targets?: readonly TargetKind[] | undefined;
  /** For each command; absent: 300. */
  readonly timeout_seconds?: number | undefined;
  /** What `{jobs}` stands for; absent: 2. */
  readonly jobs?: number | undefined;
  /** Kinds of catalog objects that the commands leave behind on purpose: `owner`, `grant`, … */
  readonly exempt?: readonly string[] | undefined;
  readonly dump: string;
  /** Absent: the source is emptied by the harness. */
  readonly wipe?: string | undefined;
  readonly restore: string;
  /** A server that the restore starts by itself: where it is found afterwards, and how it is stopped. */
  readonly server?: { readonly url: string; readonly stop: string } | undefined;
}

type TargetKind = 'wiped' | 'fresh';

const MOST_SECONDS = 86_400;
const MOST_JOBS = 64;
const command = z.string().regex(/\S/, 'a command is wanted');

/** The keys of a pipeline; what else it has to be is said by `pipelineSchema`. */
const keys = z.strictObject({
  name: z.string().regex(/^[\w.-]+$/, 'letters, digits, ".", "_" and "-" are wanted'),
  scope: z.enum(['cluster']).optional(),
  shell: z.enum(['sh', 'bash']).optional(),
  targets: z
    .array(z.enum(['wiped', 'fresh']))
    .min(1)
    .optional(),
  timeout_seconds: z.number().positive().max(MOST_SECONDS).optional(),
  jobs: z.number().int().positive().max(MOST_JOBS).optional(),
  exempt: z.array(z.string()).optional(),
  dump: command,
  wipe: command.optional(),
  restore: command,
  server: z.strictObject({ url: z.string().regex(/^postgres(ql)?:\/\//), stop: command }).optional(),
});

/** A pipeline as plain data, with what its keys demand of one another. */
export const pipelineSchema = keys.superRefine((pipeline, context) => {
  const object = (path: string[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  const { scope, targets = ['wiped'], wipe, server, dump } = pipeline;
  if (targets.includes('fresh')) {
    if (scope === 'cluster') object(['targets'], 'with `scope: cluster` the target can only be `wiped`');
    if (server) object(['targets'], 'with a `server` of its own the target can only be `wiped`');
    if (wipe !== undefined) object(['wipe'], 'a fresh target is empty; leave `wipe` or `fresh` out');
  }
  const early = fillIn(dump, { target_url: '' }) !== dump;
  if (early)
    object(['dump'], 'there is no target yet when the dump is taken: {target_url} is for the others');
});

import { z } from 'zod';

export const REPORT_FORMAT = 'restoreproof.report/v1';

const milliseconds = z.number().nonnegative();
const count = z.number().int().nonnegative();

/** Every word that a case can end with. Columns of the fidelity matrix, in this order. */
const REPORT_VERDICTS = ['faithful', 'refused', 'lossy', 'drifted', 'source-invalid', 'no-verdict'] as const;
const verdict = z.enum(REPORT_VERDICTS);

/** Which case: its index under the seed, or its name: a file of the corpus, a case of a matrix. */
const origin = {
  index: count.optional().describe('its index under the seed: `fuzz --seed S --case INDEX` draws it again'),
  name: z
    .string()
    .optional()
    .describe(
      'of a case that has no index: the file in the corpus; of `matrix`, the way, the format and its number',
    ),
  shard: count.optional().describe('of a merged run: the shard that tried it, from 1'),
};

const check = z.strictObject({
  id: z.string().describe('`row-bytes`, `schema`, …'),
  outcome: z.enum(['held', 'failed', 'left-out']),
  summary: z.string().describe('one line'),
  source: z.string().optional().describe('of a failed check: what the source had'),
  restored: z.string().optional().describe('of a failed check: what the restored database has'),
});

const words = z.record(z.string(), count);

const table = z.strictObject({
  of: z.string().describe('`damaged dumps, by damage`, `interrupted tools`'),
  rows: z.array(
    z.strictObject({
      row: z.string().describe('`truncated`, `tool-killed, during the dump`'),
      cases: count,
      outcomes: words.describe('cases by how they ended: `refused by the tool`, `seen by checks only`, …'),
      details: words.describe('how often each check failed where only checks saw it'),
    }),
  ),
});

const tally = z.strictObject({
  of: z.string().describe('the table'),
  row: z.string(),
  outcome: z.string(),
  details: z.array(z.string()),
});

const trial = z.strictObject({
  ...origin,
  part: count.optional().describe('of a merged report: the command that tried it, as a position in `parts`'),
  property: z.string().describe('the name of the promise it was judged by'),
  predicted: z.string().describe('in words: `faithful`, `refused (tar-compressed)`'),
  verdict,
  why: z.string().optional().describe('where there is no verdict: what gave way'),
  finding: z.string().optional().describe('the signature of the finding it belongs to'),
  at: milliseconds.describe('milliseconds from the start of its run to its end'),
  milliseconds: milliseconds.describe('how long it took'),
  stages: z
    .record(z.string(), milliseconds)
    .describe('milliseconds by stage: `dump`, `restore`, `restored snapshot`, …'),
  classes: z.array(count).describe('what occurred in it, as positions in `coverage.classes`'),
  tallies: z.array(tally).optional().describe('what it counts for in `tables`'),
});

const canary = z.strictObject({
  index: origin.index,
  mutant: z.string().describe('its id in the kill matrix'),
  struck: z.boolean().describe('whether it changed anything'),
  killed: z.boolean().describe('whether a check or a tool reported it'),
});

const killers = z
  .array(z.string())
  .describe('ids of checks; `tool`: its exit status; `source`: the source was seen to be invalid');

const killMatrix = z.strictObject({
  checks: z.array(z.string()).describe('the columns'),
  first_four: z.array(z.string()).describe('those that a restore drill usually makes'),
  mutants: z.array(
    z.strictObject({
      id: z.string(),
      what: z.string().describe('what is wrong, in a sentence'),
      strikes: z.string().describe('`rows`, `chain`, `schema`, `behaviour`, `dump file`, `options`'),
      standing: z.string().describe('`killed`, `survived`, `unseen`, `seen`, `not struck`, `not tried`'),
      as_it_has_to: z.boolean().describe('false makes the self-test fail'),
      killed_by: killers,
      missed_by_first_four: z.boolean(),
      unseen_because: z.string().optional().describe('why no check can see it'),
      drawn: z.strictObject({
        tried: count.describe('drawn cases it was tried on, until it struck'),
        struck_at: count.optional().describe('the index of the one that it struck'),
        killed_by: killers,
      }),
    }),
  ),
});

const finding = z.strictObject({
  ...origin,
  signature: z.string().describe('what makes two findings one; the name of its folder'),
  property: z.string().describe('the name of the promise; of `drill` and `selftest` that of the command'),
  summary: z.string().describe('one sentence: what was promised and what was seen'),
  expected: z.string(),
  verdict: z
    .enum([...REPORT_VERDICTS, 'unsound', 'survived', 'seen', 'not struck'])
    .describe('of `drill` also `unsound`; of `selftest` the standing of the mutant'),
  stage: z.string().optional().describe('the tool that refused'),
  error_line: z.string().optional().describe('the first line of its error'),
  checks: z.array(check).describe('the failed checks with both values'),
  count: count.describe('cases with this signature'),
  shrunk: z
    .strictObject({ trials: count, end: z.enum(['minimal', 'budget', 'interrupted']) })
    .optional()
    .describe('how many trials the shrinking took and how it ended; absent: it was not shrunk'),
  case: z
    .looseObject({ format: z.string() })
    .optional()
    .describe(
      'the minimal case, as in its `case.json` (`restoreproof.case/v1`); absent for `drill` and `selftest`',
    ),
  words: z.array(z.string()).describe('its options away from their defaults, in Markdown'),
  directory: z.string().optional().describe('the folder it was written to'),
  replay: z.string().describe('the command that shows it again'),
  reproduced: z
    .boolean()
    .optional()
    .describe('whether `repro.sh` failed the same way without the harness; absent: not run'),
});

const coverage = z.strictObject({
  classes: z
    .array(
      z.strictObject({
        label: z.string().describe('`format:tar`, `target:latin1`, `timestamp:bc`'),
        cases: count,
        verdicts: z.partialRecord(verdict, count),
      }),
    )
    .describe('how often each class of value, option, target and version occurred, by verdict'),
  floors: z
    .array(
      z.strictObject({
        label: z.string(),
        per_thousand: z.number().describe('how often it is expected in 1000 drawn cases'),
        wanted: count,
        cases: count.describe('drawn cases it occurred in, those of the corpus not counted'),
      }),
    )
    .describe('what a deep run has to cover'),
  judged: z
    .boolean()
    .describe(
      'whether a floor that was not reached makes the run red: too short runs and single shards say nothing',
    ),
});

const run = z.strictObject({
  program: z.string().describe('how the program was typed'),
  repeat: z.string().describe('the command that does it all again'),
  draw: z.string().optional().describe('of `fuzz`: the options that decide which cases are drawn'),
  seed: z.number().int().optional(),
  options: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('further options as they were in effect, for reading'),
  world: z
    .string()
    .optional()
    .describe('a digest of what server and tools can do, as far as drawing depends on it'),
  end: z
    .string()
    .optional()
    .describe(
      '`all cases`, `time is up`, `interrupted`, `infrastructure`; of a merged run, that of each shard',
    ),
  shards: z
    .strictObject({ of: count.min(1), done: z.array(count.min(1)) })
    .optional()
    .describe(
      'of a run on several machines: into how many it was divided, and which of them are in this report',
    ),
});

const engine = z.strictObject({
  kind: z.string().describe('`local`, `server`, `container`'),
  description: z.string(),
  server: z.string().describe('version of the server, `15.18`'),
  tools: z.string().describe('version of the client tools'),
});

const command = z.enum(['fuzz', 'smoke', 'selftest', 'matrix', 'drill']);

const conclusion = z.strictObject({
  verdict: z.enum(['pass', 'fail', 'no-verdict']),
  sentence: z.string(),
});

const notProven = z
  .array(z.string())
  .optional()
  .describe('of `drill`: what it says nothing about, in sentences');

const part = z.strictObject({
  command,
  conclusion,
  started_at: z.string(),
  milliseconds,
  engine: engine.optional(),
  run,
  not_proven: notProven,
});

/** A report, as it stands in `report.json`. Keys are in the order in which people ask. */
export const reportSchema = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  command: z
    .enum([...command.options, 'merge'])
    .describe('`merge`: reports of several commands, side by side; the shards of one run are `fuzz`'),
  conclusion: conclusion.describe('what the run comes to; `no-verdict` is neither a pass nor a finding'),
  restoreproof: z.string().describe('the version of the program'),
  started_at: z.string().describe('UTC, ISO 8601, microseconds'),
  milliseconds,
  engine: engine.optional(),
  run,
  parts: z
    .array(part)
    .optional()
    .describe('of `merge`, where the reports are of several commands: what each of them came to'),
  findings: z.array(finding),
  canaries: z
    .array(canary)
    .optional()
    .describe('of `fuzz`: cases that carried a mutant, which had to be killed; they are not among `cases`'),
  tables: z
    .array(table)
    .optional()
    .describe('of `fuzz`: what was done to dumps and tools on purpose, and who noticed'),
  kill_matrix: killMatrix.optional().describe('of `selftest`: which check reports which known fault'),
  checks: z.array(check).optional().describe('of a command that tries one case: every check of it'),
  not_proven: notProven,
  stages: z
    .record(z.string(), milliseconds)
    .optional()
    .describe('of a command without cases: milliseconds by stage'),
  coverage,
  properties: z
    .array(z.strictObject({ name: z.string(), promise: z.string() }))
    .describe('the promises of this run, those without a case too'),
  cases: z.array(trial).describe('every case in the order in which they ended'),
});

export type Report = z.infer<typeof reportSchema>;
export type ReportCase = Report['cases'][number];
export type ReportFinding = Report['findings'][number];
export type ReportCheck = ReportFinding['checks'][number];

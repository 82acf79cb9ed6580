import { theFixedCycleIsFaithful } from '../../properties/the-fixed-cycle-is-faithful.ts';
import type { Case } from '../case/case.ts';
import { classify } from '../case/classify.ts';
import { SMOKE_ROWS } from '../case/smoke-case.ts';
import { coverageOf } from '../fuzz/coverage.ts';
import { findingOf } from '../fuzz/judge-trial.ts';
import { signatureOf } from '../fuzz/signature.ts';
import type { Engine } from '../postgres/engine.ts';
import type { ServersChoice } from '../postgres/open-servers.ts';
import type { Report } from '../report/report.ts';
import { explain } from '../report/smoke-text.ts';
import { trialReport } from '../report/trial-report.ts';
import type { ChosenSubject, SubjectOptions } from '../subject/choose-subject.ts';
import { shellWord } from '../text/shell-word.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { programName } from './program-name.ts';
import { reportOrigin } from './publish-report.ts';
import { engineArguments, subjectArguments } from './repeat-command.ts';
import type { SmokeOptions } from './smoke.ts';

/** The report of `restoreproof smoke`. */
export function smokeReport(
  { rows, pipeline, ...options }: SmokeOptions,
  choice: ServersChoice,
  engine: Engine,
  { trial, chosen, result }: { trial: Case; chosen: ChosenSubject; result: TrialResult },
): Report {
  const finding = result.verdict === 'faithful' ? undefined : findingOf(result, explain(result), 'faithful');
  const program = programName();
  const given = [
    ...(rows === SMOKE_ROWS ? [] : [`--rows ${rows}`]),
    ...subjectArguments(options),
    ...(pipeline === undefined ? [] : [`--pipeline ${shellWord(pipeline)}`]),
    ...engineArguments(choice),
  ];
  return trialReport({
    command: 'smoke',
    name: 'the fixed cycle',
    property: theFixedCycleIsFaithful,
    trial,
    result,
    finding: finding && { ...finding, signature: signatureOf(theFixedCycleIsFaithful.name, finding) },
    coverage: coverageOf([{ labels: classify(trial, chosen.subject.traits), verdict: result.verdict }]),
    milliseconds: performance.now(),
    run: {
      program,
      repeat: [program, 'smoke', ...given].join(' '),
      options: {
        rows,
        ...subjectNames(options),
        ...(pipeline === undefined ? {} : { pipeline }),
      },
    },
    ...reportOrigin(engine),
  });
}

/** The options that name a subject, for the report. */
function subjectNames({ subject, migrations }: SubjectOptions): Record<string, string> {
  return {
    ...(subject === undefined ? {} : { subject }),
    ...(migrations === undefined ? {} : { migrations }),
  };
}

import type { Case } from '../case/case.ts';
import { exitCodeOf, type Conclusion } from '../fuzz/conclusion.ts';
import type { Engine } from '../postgres/engine.ts';
import type { ServersChoice } from '../postgres/open-servers.ts';
import { conclusionLine } from '../report/conclusion-text.ts';
import { smokeJson } from '../report/smoke-json.ts';
import { smokeConclusion, smokeVerdict } from '../report/smoke-text.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { colours } from './colours.ts';
import { isReported, publishReport, whenWritten } from './publish-report.ts';
import type { SmokeOptions } from './smoke.ts';
import type { Terminal } from './terminal.ts';
import { writeWhole } from './write-file.ts';

/** The fixed cycle, once it was run. */
interface Tried {
  readonly trial: Case;
  readonly chosen: ChosenSubject;
  readonly result: TrialResult;
  /** Where the tools left their files. */
  readonly place: string;
}

/** Writes what is asked for, and says what the cycle showed. Returns the exit code. */
export async function concludeSmoke(
  options: SmokeOptions,
  { choice, engine }: { readonly choice: ServersChoice; readonly engine: Engine },
  tried: Tried,
  terminal: Terminal,
): Promise<number> {
  const { trial, result, place } = tried;
  const alongside = async (): Promise<void> => {
    if (options.keep !== undefined) {
      const { keepTrial } = await import('./keep-trial.ts');
      await keepTrial(options.keep, place, result, terminal);
    }
    if (options.json !== undefined)
      await writeWhole(options.json, `${JSON.stringify(smokeJson(trial, result, engine), null, 2)}\n`);
  };
  const conclude = async (): Promise<Conclusion> => {
    if (!isReported(options.report)) return await whenWritten(smokeConclusion(result), alongside);
    const { smokeReport } = await import('./smoke-report.ts');
    const report = smokeReport(options, choice, engine, tried);
    return await publishReport(report, { directory: options.report, alongside }, terminal);
  };
  const conclusion = await conclude();
  const [headline = '', ...lines] = smokeVerdict(result, colours);
  terminal.print(conclusion.verdict === 'no-verdict' ? conclusionLine(conclusion, colours) : headline);
  for (const line of lines) (conclusion.verdict === 'pass' ? terminal.note : terminal.print)(line);
  return exitCodeOf(conclusion);
}

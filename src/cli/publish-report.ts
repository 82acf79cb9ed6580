import { appendFile } from 'node:fs/promises';
import { firstLine, NoVerdictError } from '../errors.ts';
import { packageVersion } from '../package-root.ts';
import type { ReportOrigin } from '../report/build-report.ts';
import type { Report } from '../report/report.ts';
import { formatCanonical } from '../text/timestamp.ts';
import type { Terminal } from './terminal.ts';
import { writeTogether } from './write-file.ts';

/** The version of the program, and when this process began its work. */
export function programOrigin(): Omit<ReportOrigin, 'engine'> {
  const started = BigInt(Math.round(performance.timeOrigin * 1000));
  return { restoreproof: packageVersion(), started_at: formatCanonical(started) };
}

/** The same, and the server with its tools. */
export function reportOrigin(engine: ReportOrigin['engine']): ReportOrigin {
  return { ...programOrigin(), engine };
}

/** Whether a report is asked for: by a directory to write it to, or by GitHub Actions. */
export function isReported(directory: string | undefined): boolean {
  return directory !== undefined || process.env['GITHUB_ACTIONS'] === 'true';
}

/** What a command writes before it tells its verdict. */
interface Publication {
  /** Where the report goes; absent: no report is wanted. */
  readonly directory: string | undefined;
  /** Writes what else was asked for. */
  readonly alongside?: (() => Promise<void>) | undefined;
}

/**
 * Writes the files of a report, where a directory is named, all of them or none, and what goes with it; files of an
 * earlier report are replaced. Under GitHub Actions the step gets its summary and its outputs, too.
 *
 * @returns the conclusion that stands: where the disk does not take what was asked for, there is no verdict
 */
export async function publishReport(
  report: Report,
  { directory, alongside }: Publication,
  terminal: Terminal,
): Promise<Report['conclusion']> {
  const conclusion = await whenWritten(report.conclusion, async () => {
    await alongside?.();
    if (directory !== undefined) await writeReport(report, directory);
  });
  if (process.env['GITHUB_ACTIONS'] === 'true')
    await tellGithub({ ...report, conclusion }, directory, terminal);
  return conclusion;
}

/** The conclusion that stands once something is written: where the disk does not take it, there is no verdict. */
export async function whenWritten(
  conclusion: Report['conclusion'],
  write: () => Promise<void>,
): Promise<Report['conclusion']> {
  try {
    await write();
    return conclusion;
  } catch (error) {
    if (!(error instanceof NoVerdictError)) throw error;
    const word = conclusion.verdict === 'pass' ? 'but' : 'and';
    const sentence = `${conclusion.sentence}, ${word} ${error.message}: ${error.why}`;
    return { verdict: 'no-verdict', sentence };
  }
}

async function writeReport(report: Report, directory: string): Promise<void> {
  // Loaded only where they are wanted: the libraries under them take a while.
  const [{ reportFileText }, { junitText }, { htmlText }] = await Promise.all([
    import('../report/report-file.ts'),
    import('../report/junit.ts'),
    import('../report/html/page.ts'),
  ]);
  await writeTogether(directory, 'report', {
    'report.json': reportFileText(report),
    'junit.xml': junitText(report),
    'index.html': htmlText(report),
  });
}

/** Tells GitHub Actions of an error that ended the command before it had a report: that is no verdict, too. */
export async function tellFailure(
  described: { readonly lines: readonly string[]; readonly exitCode: number },
  terminal: Terminal,
): Promise<void> {
  const [{ failureAnnotation }, { failureOutputs, failureSummary }] = await Promise.all([
    import('../report/github.ts'),
    import('../report/github-summary.ts'),
  ]);
  terminal.print(failureAnnotation(described));
  await appendForStep(failureSummary(described.lines), failureOutputs(), terminal);
}

async function tellGithub(report: Report, directory: string | undefined, terminal: Terminal): Promise<void> {
  const [{ conclusionAnnotations }, { githubOutputs, githubSummary }] = await Promise.all([
    import('../report/github.ts'),
    import('../report/github-summary.ts'),
  ]);
  for (const line of conclusionAnnotations(report)) terminal.print(line);
  await appendForStep(githubSummary(report), githubOutputs(report, directory), terminal);
}

/** A summary that cannot be written changes no verdict. */
async function appendForStep(summary: string, outputs: string, terminal: Terminal): Promise<void> {
  const { GITHUB_STEP_SUMMARY: summaryFile, GITHUB_OUTPUT: outputsFile } = process.env;
  try {
    if (summaryFile) await appendFile(summaryFile, summary);
    if (outputsFile) await appendFile(outputsFile, outputs);
  } catch (error) {
    terminal.say(`the summary of the step cannot be written: ${firstLine(error)}`);
  }
}

import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstLine } from '../errors.ts';
import { packageVersion } from '../package-root.ts';
import type { ReportOrigin } from '../report/build-report.ts';
import type { Report } from '../report/report.ts';
import { formatCanonical } from '../text/timestamp.ts';
import type { Terminal } from './terminal.ts';
import { makePlace, writeWhole } from './write-file.ts';

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

/**
 * Writes the files of a report, where a directory is named, each whole or not there; those of an earlier report are
 * replaced. Under GitHub Actions the step gets its summary and its outputs, too.
 * @throws NoVerdictError where the disk does not take them
 */
export async function publishReport(
  report: Report,
  directory: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (process.env['GITHUB_ACTIONS'] === 'true') await tellGithub(report, directory, terminal);
  if (directory === undefined) return;
  await makePlace(directory);
  // Loaded only where they are wanted: the libraries under them take a while.
  const [{ reportFileText }, { junitText }, { htmlText }] = await Promise.all([
    import('../report/report-file.ts'),
    import('../report/junit.ts'),
    import('../report/html/page.ts'),
  ]);
  await writeWhole(join(directory, 'report.json'), reportFileText(report));
  await writeWhole(join(directory, 'junit.xml'), junitText(report));
  await writeWhole(join(directory, 'index.html'), htmlText(report));
}

/** A summary that cannot be written changes no verdict. */
async function tellGithub(report: Report, directory: string | undefined, terminal: Terminal): Promise<void> {
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs } = process.env;
  const [{ conclusionAnnotations }, { githubOutputs, githubSummary }] = await Promise.all([
    import('../report/github.ts'),
    import('../report/github-summary.ts'),
  ]);
  for (const line of conclusionAnnotations(report)) terminal.print(line);
  try {
    if (summary) await appendFile(summary, githubSummary(report));
    if (outputs) await appendFile(outputs, githubOutputs(report, directory));
  } catch (error) {
    terminal.say(`the summary of the step cannot be written: ${firstLine(error)}`);
  }
}

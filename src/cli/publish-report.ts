import { join } from 'node:path';
import { packageVersion } from '../package-root.ts';
import type { ReportOrigin } from '../report/build-report.ts';
import { junitText } from '../report/junit.ts';
import { reportFileText } from '../report/report-file.ts';
import type { Report } from '../report/report.ts';
import { formatCanonical } from '../text/timestamp.ts';
import { makePlace, writeWhole } from './write-file.ts';

/** The version of the program, and when this process began its work. */
export function reportOrigin(engine: ReportOrigin['engine']): ReportOrigin {
  const started = BigInt(Math.round(performance.timeOrigin * 1000));
  return { restoreproof: packageVersion(), started_at: formatCanonical(started), engine };
}

/**
 * Writes the files of a report, where a directory is named. Each is whole or not there; those of an earlier report are
 * replaced.
 * @throws NoVerdictError where the disk does not take them
 */
export async function publishReport(report: Report, directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  await makePlace(directory);
  await writeWhole(join(directory, 'report.json'), reportFileText(report));
  await writeWhole(join(directory, 'junit.xml'), junitText(report));
  // Loaded only where it is wanted: the plotting library takes a while.
  const { htmlText } = await import('../report/html/page.ts');
  await writeWhole(join(directory, 'index.html'), htmlText(report));
}

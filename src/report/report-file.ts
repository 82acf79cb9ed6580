import { readFile } from 'node:fs/promises';
import { firstLine, UsageError } from '../errors.ts';
import { REPORT_FORMAT, reportSchema, type Report } from './report.ts';

/** The text of `report.json`: one line for each case, so that a long run can be looked through line by line. */
export function reportFileText(report: Report): string {
  const { cases, ...head } = report;
  const lines = cases.map((trial) => `    ${JSON.stringify(trial)}`).join(',\n');
  const text = JSON.stringify(head, null, 2);
  return `${text.slice(0, -'\n}'.length)},\n  "cases": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
}

/**
 * Reads a `report.json`.
 * @throws UsageError where it cannot be read, or is no report of a format that this version knows
 */
export async function readReportFile(file: string): Promise<Report> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError({ what: `the report ${file} cannot be read`, why: firstLine(cause), cause });
  });
  return parseReport(text, file);
}

function parseReport(text: string, file: string): Report {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError({ what: `${file} is not JSON`, why: firstLine(cause), cause });
  }
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined;
  if (format !== REPORT_FORMAT) {
    throw new UsageError({
      what: `${file} is not a report`,
      why: `its format is ${JSON.stringify(format)}; this version reads ${REPORT_FORMAT}`,
      next: 'name a report.json that --report wrote, or the directory it is in',
    });
  }
  const read = reportSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join('.') || 'the report';
  throw new UsageError({ what: `${file} is not a valid report`, why: `${where}: ${issue?.message}` });
}

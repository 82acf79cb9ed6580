import { EXIT } from '../errors.ts';
import type { CheckResult } from '../verdict/check.ts';
import { NO_VERDICT } from './github-summary.ts';
import type { Report, ReportFinding } from './report.ts';

/** An annotation for each failed check, with both values. */
export function checkAnnotations(checks: readonly CheckResult[]): string[] {
  return checks
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id, summary, source, restored }) =>
      errorAnnotation(`restoreproof ${id}`, `${summary}\nsource: ${source}\nrestored: ${restored}`),
    );
}

/** A finding, with the command that shows it again. */
export function findingAnnotation({
  signature,
  summary,
  replay,
}: Pick<ReportFinding, 'signature' | 'summary' | 'replay'>): string {
  return errorAnnotation(`restoreproof ${signature}`, `${summary}\nreplay: ${replay}`);
}

/** For a run that is red, unless its findings have told it one by one: why, and how to repeat it. */
export function conclusionAnnotations({ command, conclusion, findings, run }: Report): string[] {
  const again = `repeat: ${run.repeat}`;
  if (conclusion.verdict === 'no-verdict') return [noVerdictAnnotation(conclusion.sentence, again)];
  const told = command === 'fuzz' || command === 'matrix';
  if (conclusion.verdict === 'pass' || (told && findings.length > 0)) return [];
  return [errorAnnotation(`restoreproof ${command}`, `${conclusion.sentence}\n${again}`)];
}

/** For an error that ended the command: the lines that were printed, and whether they are a finding. */
export function failureAnnotation({
  lines,
  exitCode,
}: {
  lines: readonly string[];
  exitCode: number;
}): string {
  const text = lines.join('\n');
  return exitCode === EXIT.noVerdict ? noVerdictAnnotation(text) : errorAnnotation('restoreproof', text);
}

function noVerdictAnnotation(...lines: string[]): string {
  return errorAnnotation('restoreproof: no verdict', [...lines, NO_VERDICT].join('\n'));
}

/**
 * An error annotation as GitHub Actions reads it from standard output.
 * Workflow commands escape %, CR and LF, and in properties also colons and commas.
 */
export function errorAnnotation(title: string, message: string): string {
  return `::error title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

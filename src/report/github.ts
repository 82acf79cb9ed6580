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

/**
 * A finding in one annotation: what was seen, the command to see it again, both values of each failed check. GitHub
 * takes ten annotations of a step and 4096 characters of each (actions/runner, ExecutionContext.cs).
 */
export function findingAnnotation({
  signature,
  summary,
  checks,
  replay,
}: Pick<ReportFinding, 'signature' | 'summary' | 'checks' | 'replay'>): string {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const lines = failed.flatMap((check) => [
    `${check.id}: ${check.summary}`,
    `  source: ${shorten(check.source)}`,
    `  restored: ${shorten(check.restored)}`,
  ]);
  return errorAnnotation(
    `restoreproof ${signature}`,
    [shorten(summary, 1000), `replay: ${replay}`, ...lines].join('\n'),
  );
}

function shorten(value = 'nothing', most = 200): string {
  return value.length > most ? `${value.slice(0, most)}…` : value;
}

/** For a run that is red: its findings, unless they have been told already, or else why, and how to repeat it. */
export function conclusionAnnotations({ command, conclusion, findings, run }: Report): string[] {
  const again = `repeat: ${run.repeat}`;
  // These tell their findings as they come upon them.
  const told = command === 'fuzz' || command === 'matrix';
  const found = told ? [] : findings.map(findingAnnotation);
  if (conclusion.verdict === 'no-verdict') return [...found, noVerdictAnnotation(conclusion.sentence, again)];
  if (conclusion.verdict === 'pass' || findings.length > 0) return found;
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

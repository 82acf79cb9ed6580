import type { CheckResult } from '../verdict/check.ts';

/** An annotation for each failed check, with both values. */
export function checkAnnotations(checks: readonly CheckResult[]): string[] {
  return checks
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id, summary, source, restored }) =>
      errorAnnotation(`restoreproof ${id}`, `${summary}\nsource: ${source}\nrestored: ${restored}`),
    );
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

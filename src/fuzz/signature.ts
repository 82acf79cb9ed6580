import { createHash } from 'node:crypto';
import { mostTelling } from '../verdict/check.ts';
import type { Finding } from './property.ts';

/** What tells one finding from another. */
type Telling = Pick<Finding, 'failed' | 'checks' | 'stage' | 'errorLine'> & { readonly verdict: string };

/**
 * What makes two findings one: the property, the verdict, the failed checks, the sorts of change in the schema, the
 * stage and the kind of error.
 * Also a file name: `every-faithful-plan-is-faithful--lossy--row-bytes--1f2e3d`.
 */
export function signatureOf(property: string, finding: Telling): string {
  const failed = withoutConsequences(finding.failed).sort();
  const changes = finding.checks.flatMap((check) => check.changes ?? []);
  const parts = [
    property,
    finding.verdict,
    finding.stage ?? '',
    ...failed,
    kindOfError(finding.errorLine),
    ...changes,
  ];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 6);
  const telling = mostTelling(finding.failed.map((id) => ({ id })))?.id ?? 'none';
  return [property, finding.verdict, finding.stage ?? telling, digest].join('--');
}

/** A verifier that stops at a break has walked fewer rows, unless the break is in the last one: that is no finding of its own. */
function withoutConsequences(failed: Finding['failed']): Finding['failed'][number][] {
  const broken = failed.includes('verify-clean');
  return failed.filter((id) => !(broken && id === 'verify-walked'));
}

/** An error line without what differs from case to case: quoted names, numbers, the file. */
export function kindOfError(line: string | undefined): string {
  return (line ?? '')
    .replaceAll(/"[^"]*"|'[^']*'|«[^»]*»/g, '""')
    .replaceAll(/\/\S+/g, 'PATH')
    .replaceAll(/\d+/g, '0');
}

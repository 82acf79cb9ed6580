import type { MutantReport, SelftestResult, Standing } from '../fuzz/selftest/selftest-result.ts';
import type { CheckId } from '../verdict/check.ts';

export interface SelftestJsonParts {
  readonly versions: { readonly server: string; readonly tools: string };
  readonly alone: ReadonlyMap<CheckId, readonly string[]>;
  readonly neverAlone: Readonly<Partial<Record<CheckId, string>>>;
  readonly standingOf: (report: MutantReport) => Standing;
  readonly missedByFirstFour: (report: MutantReport) => boolean;
}

/** What `selftest --json` writes: `restoreproof.selftest/v1`. */
export function selftestJson({ reports, seed, cases }: SelftestResult, parts: SelftestJsonParts): string {
  const json = {
    format: 'restoreproof.selftest/v1',
    versions: parts.versions,
    seed,
    cases,
    mutants: reports.map((report) => ({
      id: report.mutant.id,
      what: report.mutant.what,
      strikes: report.mutant.strikes,
      standing: parts.standingOf(report),
      killed_by: report.fixed?.killedBy ?? [],
      missed_by_first_four: parts.missedByFirstFour(report),
      unseen_because: report.mutant.unseen,
      drawn: {
        tried: report.drawn.tried,
        struck_at: report.drawn.struckAt,
        killed_by: report.drawn.killedBy,
      },
    })),
    checks: [...parts.alone].map(([id, alone]) => ({
      id,
      alone_reports: alone,
      never_alone_because: parts.neverAlone[id],
    })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

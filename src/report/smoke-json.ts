import type { Case } from '../case/case.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { TrialResult } from '../verdict/trial-result.ts';

/** What `smoke --json` writes: both snapshots, the versions, the plan and the verdict. */
export function smokeJson(
  trial: Case,
  result: TrialResult,
  engine: Pick<Engine, 'kind' | 'serverVersion' | 'tools'>,
): Record<string, unknown> {
  const { source, restored, ...rest } = result;
  return {
    format: 'restoreproof.smoke/v1',
    verdict: rest.verdict,
    versions: {
      engine: engine.kind,
      server: engine.serverVersion.text,
      client_tools: engine.tools.version.text,
    },
    plan: { dump: trial.dump, restore: trial.restore },
    refusal: rest.refusal ?? null,
    checks: rest.checks,
    steps: rest.steps,
    // The harness alone: neither the server nor the client tools.
    memory_peak_bytes: process.resourceUsage().maxRSS * 1024,
    snapshots: [source, restored].flatMap((snapshot) => (snapshot ? [withoutRows(snapshot)] : [])),
  };
}

/** What is kept only to tell the first difference of rows, for which a later reader has nothing to compare with. */
function withoutRows({ trail: _trail, ...snapshot }: Snapshot): Record<string, unknown> {
  const tables = snapshot.tables.map(
    ({ values: _values, trail_from: _from, trail_to: _to, ...table }) => table,
  );
  return { ...snapshot, tables };
}

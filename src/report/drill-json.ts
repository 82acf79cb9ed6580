import type { DrillResult } from '../drill/drill-result.ts';
import type { DumpFile } from '../drill/dump-file.ts';
import type { Engine } from '../postgres/engine.ts';
import type { DrillAgainst } from './drill-text.ts';

/** What `drill --json` writes. */
export function drillJson(
  result: DrillResult,
  dump: DumpFile,
  against: DrillAgainst | undefined,
  engine: Pick<Engine, 'kind' | 'serverVersion' | 'tools'>,
): Record<string, unknown> {
  const { verdict, refusal = null, sourceFault = null, facts, restored, databaseBytes = null } = result;
  return {
    format: 'restoreproof.drill/v1',
    verdict,
    dump: {
      path: dump.path,
      format: dump.format,
      gzipped: dump.gzipped,
      bytes: dump.bytes,
      dumped_from: facts?.dumpedFrom?.text ?? null,
      dumped_by: facts?.dumpedBy?.text ?? null,
    },
    against: against ? { file: against.file, taken_at: against.takenAt } : null,
    versions: {
      engine: engine.kind,
      server: engine.serverVersion.text,
      client_tools: engine.tools.version.text,
    },
    restored: restored
      ? {
          taken_at: restored.taken_at,
          bytes: databaseBytes,
          encoding: restored.encoding,
          collation: restored.collation,
          row_count: restored.row_count,
          chain_head_hash: restored.chain_head_hash,
          tables: restored.tables.map(({ name, rows, digest }) => ({ name, rows, digest })),
        }
      : null,
    refusal,
    source_fault: sourceFault,
    checks: result.checks,
    roles_created: result.roles,
    not_proven: result.unproven,
    steps: result.steps,
  };
}

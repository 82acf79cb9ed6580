import type { Pipeline } from '../case/pipeline.ts';
import { CATALOG_KINDS } from '../snapshot/catalog/kinds.ts';

/**
 * The pipeline of `--pipeline`. Loaded here: what reads YAML is large, and most runs have no such file.
 * @throws UsageError for a file that is none
 */
export async function pipelineOf(file: string | undefined): Promise<Pipeline | undefined> {
  if (file === undefined) return undefined;
  const { readPipelineFile } = await import('../case/pipeline-file.ts');
  return await readPipelineFile(file, CATALOG_KINDS);
}

import { dirname, resolve } from 'node:path';
import { shellWord } from '../text/shell-word.ts';
import type { Pipeline } from './pipeline.ts';

/** The directory of a pipeline's file, where its commands name it by `{here}`; they read what is there. */
export function pipelineReads(pipeline: Pipeline | undefined, file: string | undefined): string[] {
  if (!pipeline || file === undefined) return [];
  const { dump, wipe = '', restore, server } = pipeline;
  const here = dirname(resolve(file));
  const texts = [dump, wipe, restore, server?.stop ?? ''];
  return texts.some((text) => text.includes(shellWord(here))) ? [here] : [];
}

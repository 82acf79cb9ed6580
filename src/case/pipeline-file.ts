import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { firstLine, UsageError } from '../errors.ts';
import { describeIssue } from '../text/json-document.ts';
import { fillIn } from '../text/placeholders.ts';
import { shellWord } from '../text/shell-word.ts';
import { YamlDocument, type Place } from '../text/yaml-document.ts';
import { pipelineSchema, type Pipeline } from './pipeline.ts';

const NEXT = 'see docs/pipelines/README.md for the keys, and for examples';

/**
 * Reads a pipeline from a file, YAML or JSON. `{here}` in it is replaced by the directory of the file, and the name, where
 * it has none, is the file's.
 *
 * @param kinds of catalog objects that `exempt` may name
 * @throws UsageError with line and column, also where the file cannot be read
 */
export async function readPipelineFile(file: string, kinds: readonly string[]): Promise<Pipeline> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const what = `the pipeline ${file} cannot be read`;
    throw new UsageError({ what, why: firstLine(cause), next: NEXT, cause });
  });
  return parsePipeline(text, file, kinds);
}

/** The same out of the file's text. */
export function parsePipeline(text: string, file: string, kinds: readonly string[]): Pipeline {
  const document = new YamlDocument(text);
  const refuse = ({ line, col }: Place, why: string): UsageError =>
    new UsageError({ what: `${file}:${line}:${col}: this is no pipeline`, why, next: NEXT });
  const { fault } = document;
  if (fault) throw refuse(fault.place, fault.why);
  const read = pipelineSchema.safeParse(withName(document.toJS(), basename(file, extname(file))));
  if (!read.success) {
    // A key that is missing is often there, misspelt.
    const { issues } = read.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
    throw refuse(document.placeOf(issue), describeIssue({ issues: issue ? [issue] : [] }, 'the file'));
  }
  const unknown = read.data.exempt?.findIndex((kind) => !kinds.includes(kind)) ?? -1;
  if (unknown !== -1) {
    const why = `exempt: there is no kind ${read.data.exempt?.[unknown]}; there are ${kinds.join(', ')}`;
    throw refuse(document.placeOf({ path: ['exempt', unknown] }), why);
  }
  return placed(read.data, shellWord(dirname(resolve(file))));
}

function withName(value: unknown, name: string): unknown {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? { name: name.replaceAll(/[^\w.-]/g, '-'), ...value } : value;
}

/** Commands with `{here}` replaced: a case carries its pipeline to other places. */
function placed({ dump, wipe, restore, server, ...rest }: Pipeline, here: string): Pipeline {
  const place = (text: string): string => fillIn(text, { here });
  return {
    ...rest,
    dump: place(dump),
    ...(wipe === undefined ? {} : { wipe: place(wipe) }),
    restore: place(restore),
    ...(server === undefined ? {} : { server: { url: server.url, stop: place(server.stop) } }),
  };
}

import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { firstLine, UsageError } from '../errors.ts';
import { describeIssue } from '../text/json-document.ts';
import { YamlDocument, type Place } from '../text/yaml-document.ts';
import { describedSubject } from './described-subject.ts';
import { unknownFields } from './insert-template.ts';
import { subjectSchema, type SubjectDescription } from './subject-schema.ts';
import type { Subject } from './subject.ts';

const NEXT = 'see docs/subjects.md for the keys, and for an example';

/**
 * The subject that a file describes, in YAML or JSON, with the SQL of the files that it names.
 * @throws UsageError with line and column, also where a file cannot be read
 */
export async function readSubjectFile(file: string): Promise<Subject> {
  const text = await readText(file, `the subject ${file} cannot be read`);
  const { description, placeOf } = parseSubject(text, file);
  const scripts: string[] = [];
  for (const [index, name] of (description.install ?? []).entries()) {
    const { line, col } = placeOf(['install', index]);
    const what = `${file}:${line}:${col}: ${name} cannot be read`;
    scripts.push(await readText(resolve(dirname(file), name), what));
  }
  const script = scripts.map((sql) => sql.trimEnd().replace(/;?$/, ';\n')).join('\n');
  return describedSubject(description, description.name ?? basename(file, extname(file)), script);
}

interface Parsed {
  readonly description: SubjectDescription;
  readonly placeOf: (path: readonly PropertyKey[]) => Place;
}

function parseSubject(text: string, file: string): Parsed {
  const document = new YamlDocument(text);
  const refuse = ({ line, col }: Place, why: string): UsageError =>
    new UsageError({ what: `${file}:${line}:${col}: this is no subject`, why, next: NEXT });
  const { fault } = document;
  if (fault) throw refuse(fault.place, fault.why);
  const read = subjectSchema.safeParse(document.toJS());
  if (!read.success) {
    // A key that is missing is often there, misspelt.
    const { issues } = read.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
    throw refuse(document.placeOf(issue), describeIssue({ issues: issue ? [issue] : [] }, 'the file'));
  }
  const [unknown] = unknownFields(read.data.insert);
  const placeOf = (path: readonly PropertyKey[]): Place => document.placeOf({ path });
  if (unknown !== undefined) {
    throw refuse(placeOf(['insert']), `insert: an event has no {${unknown}}`);
  }
  return { description: read.data, placeOf };
}

async function readText(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError({ what, why: firstLine(cause), next: NEXT, cause });
  });
}

import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseCaseFile, caseFileText } from './case-file.ts';
import { parsePipeline } from './pipeline-file.ts';
import { withPipeline } from './pipeline-case.ts';
import { smokeCase } from './smoke-case.ts';

const KINDS = ['owner', 'grant'];
const parse = (text: string, file = '/etc/nightly.yaml') => parsePipeline(text, file, KINDS);

function refusal(text: string): UsageError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error('it was taken');
}

test('YAML and JSON say the same; a file without a name has its own', () => {
  const yaml = parse('dump: |\n  a\n  b\nrestore: c\njobs: 4\nexempt: [owner]\n');
  const json = parse('{"dump": "a\\nb\\n", "restore": "c", "jobs": 4, "exempt": ["owner"]}', 'nightly.json');
  expect(yaml).toEqual({ name: 'nightly', dump: 'a\nb\n', restore: 'c', jobs: 4, exempt: ['owner'] });
  expect(json).toEqual(yaml);
  expect(parse('name: other\ndump: a\nrestore: b').name).toBe('other');
});

test('the directory of the file is filled in, so that a case needs no file', () => {
  const file = "/o'clock/nightly.yaml";
  const { dump, restore } = parse('dump: "{here}/backup.sh {dump}"\nrestore: "echo ${here}"', file);
  expect(dump).toBe(String.raw`'/o'\''clock'/backup.sh {dump}`);
  expect(restore).toBe('echo ${here}');
});

test('a case carries its pipeline', () => {
  const pipeline = parse('dump: a\nwipe: b\nrestore: c\nserver: {url: "postgres://a@b/c", stop: d}');
  const trial = withPipeline(smokeCase(2), pipeline);
  expect(parseCaseFile(caseFileText(trial), 'it').trial).toEqual(trial);
  expect(withPipeline({ ...smokeCase(1), target: { kind: 'fresh' } }, pipeline).target).toEqual({
    kind: 'wiped',
  });
});

test.each([
  ['dump: a\nrestore: [', '2:11', /Flow sequence/],
  ['dump: a\n  restore: b', '1:7', /Nested mappings/],
  ['dump: a\nrestore: b\n\nresore: c', '4:9', /^the file has resore, which this version does not know/],
  ['dump: a\nrestor: b', '2:9', /^the file has restor, which/],
  ['dump: a', '1:1', /^restore is missing/],
  ['dump: a\nrestore: " "', '2:10', /^restore: a command is wanted/],
  ['dump: a\nrestore: b\njobs: many', '3:7', /^jobs is not a number/],
  ['dump: a\nrestore: b\nexempt: [owner, owners]', '3:17', /no kind owners; there are owner, grant$/],
  ['dump: x {target_url}\nrestore: b', '1:7', /^dump: there is no target yet/],
  ['dump: a\nrestore: b\nscope: cluster\ntargets: [fresh]', '4:10', /^targets: with `scope: cluster`/],
  ['dump: a\nrestore: b\nwipe: c\ntargets: [fresh]', '3:7', /^wipe: a fresh target is empty/],
  ['dump: a\nrestore: b\nserver: {url: x, stop: y}', '3:15', /^server.url: /],
  ['- dump', '1:1', /^the file is not an object/],
  ['', '1:1', /^the file is not an object/],
])('%j is refused at %s', (text, place, why) => {
  const { message: what, why: said } = refusal(text);
  expect(what).toBe(`/etc/nightly.yaml:${place}: this is no pipeline`);
  expect(said ?? '').toMatch(why);
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROPERTIES } from '../../properties/all.ts';
import { parseCaseFile } from '../case/case-file.ts';
import { packageRoot } from '../package-root.ts';
import { readSnapshotFile } from '../snapshot/snapshot-file.ts';
import { CHECK_IDS } from '../verdict/check.ts';
import { HAZARDS } from '../verdict/hazards.ts';
import { argumentsOf, idleProgram, objection } from './test-command-lines.ts';

interface Page {
  /** Relative to the root of the package. */
  readonly file: string;
  readonly text: string;
}

const PAGES: readonly Page[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'src/README.md',
  'docs/pipelines/README.md',
  ...readdirSync(join(packageRoot, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
].map((file) => ({ file, text: readFileSync(join(packageRoot, file), 'utf8') }));
const ALL_TEXT = PAGES.map(({ text }) => text).join('\n');

interface Fence {
  readonly language: string;
  readonly text: string;
}

function fencesOf(text: string): Fence[] {
  const blocks = text.matchAll(/^( *)```([a-z]*)\n(.*?)^\1```$/gms);
  return [...blocks].map(([, indent = '', language = '', body = '']) => ({
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** What a reader could type: lines of shell blocks, lines after a prompt, and code in a sentence. */
function commandLines(text: string): string[] {
  const blocks = fencesOf(text).flatMap(({ language, text: body }) => {
    const lines = body.replaceAll(/\\\n\s*/g, ' ').split('\n');
    if (language === 'sh') return lines;
    return lines.flatMap((line) => /^\$ (.*)$/.exec(line)?.[1] ?? []);
  });
  const sentences = text.replaceAll(/^( *)```.*?^\1```$/gms, '');
  const spans = [...sentences.matchAll(/`((?:restoreproof|npm) [^`]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...spans].flatMap((line) => line.split('&&')).map((line) => line.trim());
}

/** GitHub's anchor for a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Links of a page that lead nowhere. Those to other sites are not looked at. */
function deadLinks({ file, text }: Page): string[] {
  const prose = text.replaceAll(/^( *)```.*?^\1```$/gms, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? join(packageRoot, file) : resolve(packageRoot, dirname(file), path);
    if (!existsSync(target)) return true;
    if (anchor === undefined) return false;
    const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)];
    return !headings.some(([, heading = '']) => anchorOf(heading) === anchor);
  });
}

/** Whole names that a text does not have: `--case` is not found in `--cases`. */
function unnamed(names: Iterable<string>, text: string): string[] {
  return [...new Set(names)].filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(text));
}

describe('command lines', () => {
  const found = PAGES.flatMap(({ file, text }) =>
    commandLines(text).flatMap((line) => {
      const argv = argumentsOf(line);
      return argv === undefined ? [] : [{ file, line, argv }];
    }),
  );

  test('are found, and every command is among them', () => {
    expect(found.length).toBeGreaterThan(20);
    const used = new Set(found.map(({ argv }) => argv[0]));
    expect(
      idleProgram()
        .commands.map((command) => command.name())
        .filter((name) => !used.has(name)),
    ).toEqual([]);
  });

  test('parse', () => {
    const refused = found.flatMap(({ file, line, argv }) => {
      const why = objection(argv);
      return why === undefined ? [] : [`${file}: ${line}: ${why}`];
    });
    expect(refused).toEqual([]);
  });

  test('that are wrong do not parse', () => {
    const text = [
      '```sh\nrestoreproof fuzz --casess 3 # typo\nFOO=bar restoreproof verify --url postgres://a/b\n```',
      '```console\n$ restoreproof smoke --rows many\nrestoreproof is not asked here\n```',
      'Run `npm run -s restoreproof -- replay` or `restoreproof nothing` first.',
    ].join('\n');
    const lines = commandLines(text).flatMap((line) => argumentsOf(line)?.join(' ') ?? []);
    expect(lines).toEqual([
      'fuzz --casess 3',
      'verify --url postgres://a/b',
      'smoke --rows many',
      'replay',
      'nothing',
    ]);
    for (const line of lines) expect([line, objection(line.split(' '))]).toEqual([line, expect.any(String)]);
  });
});

test('scripts of npm that are named exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...ALL_TEXT.matchAll(/\bnpm run (?:-s )?([a-z]+)/g)].map(([, script = '']) => script);
  expect(named).toContain('fuzz');
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

describe('links', () => {
  test.each(PAGES.map((page) => [page.file, page] as const))('of %s lead somewhere', (_, page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  test('that lead nowhere are seen', () => {
    const text = '[a](nothing.md) [b](README.md) [c](README.md#no-such-heading) [d](https://example.org)';
    expect(deadLinks({ file: 'README.md', text })).toEqual(['nothing.md', 'README.md#no-such-heading']);
  });
});

describe('everything has its place in the documentation', () => {
  const program = idleProgram();
  const options = [program, ...program.commands].flatMap(({ options: own }) =>
    own.flatMap(({ long }) => (long ? [long] : [])),
  );
  const readme = PAGES.find(({ file }) => file === 'README.md')?.text ?? '';
  const properties = PAGES.find(({ file }) => file === 'docs/properties.md')?.text ?? '';
  const hazards = PAGES.find(({ file }) => file === 'docs/hazards.md')?.text ?? '';

  test('options', () => {
    expect(options).toContain('--shrink-seconds');
    expect(unnamed(options, readme)).toEqual([]);
  });

  test('checks', () => {
    expect(unnamed(CHECK_IDS, readme)).toEqual([]);
  });

  test('properties, with their promises', () => {
    expect(PROPERTIES.filter(({ name, promise }) => !properties.includes(`| ${promise} |`) || !name)).toEqual(
      [],
    );
    expect(
      unnamed(
        PROPERTIES.map(({ name }) => name),
        properties,
      ),
    ).toEqual([]);
  });

  test('hazards', () => {
    expect(
      unnamed(
        HAZARDS.map(({ id }) => id),
        hazards,
      ),
    ).toEqual([]);
  });

  test('what is not there is seen', () => {
    expect(unnamed(['row-count', 'row-counts', '--case', 'row'], 'of `row-count` and --cases')).toEqual([
      'row-counts',
      '--case',
      'row',
    ]);
  });
});

describe('the files that are shown', () => {
  const examples = PAGES.flatMap(({ text }) => fencesOf(text)).flatMap(({ language, text }) =>
    language === 'json' ? [text] : [],
  );
  const ofFormat = (format: string): string[] => examples.filter((text) => text.includes(`"${format}"`));

  test('are cases', () => {
    const cases = ofFormat('restoreproof.case/v1');
    expect(cases).not.toEqual([]);
    for (const text of cases) expect(parseCaseFile(text, 'the example').trial.dump).toBeDefined();
  });

  test('are snapshots', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'docs-'));
    try {
      const file = join(directory, 'snapshot.json');
      const snapshots = ofFormat('restoreproof.snapshot/v1');
      expect(snapshots).not.toEqual([]);
      for (const text of snapshots) {
        writeFileSync(file, text);
        expect((await readSnapshotFile(file)).phase).toBe('source');
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

const GENERATED = ['docs/hazards.md', 'docs/kill-matrix.md'];

test('prose has lines of at most 120 characters, but for tables, blocks and generated pages', () => {
  const long = PAGES.filter(({ file }) => !GENERATED.includes(file)).flatMap(({ file, text }) =>
    text
      .replaceAll(/^( *)```.*?^\1```$/gms, '')
      .split('\n')
      .filter((line) => line.length > 120 && !/^\s*\|/.test(line))
      .map((line) => `${file}: ${line}`),
  );
  expect(long).toEqual([]);
});

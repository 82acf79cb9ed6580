import { execa } from 'execa';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { home, type Home } from './test-program.ts';

const README = join(packageRoot, 'README.md');
const UPDATE = process.env['UPDATE_DOCS'] === '1';
const LONG = 500_000;
/** A page shows the installation of the machine. */
const PATH = inject('server').path;

interface Session {
  readonly command: string;
  readonly output: readonly string[];
}

/** The sessions of a page: each has one command. */
function sessionsOf(text: string): Session[] {
  return [...text.matchAll(/^```console\n\$ (.*)\n([^]*?)```$/gm)].map(([, command = '', body = '']) => ({
    command,
    output: body.trimEnd().split('\n'),
  }));
}

/** The coverage is cut out of what is shown: a line says how much. */
function cut(lines: readonly string[]): string[] {
  const start = lines.findIndex((line) => line.startsWith('coverage: ')) + 1;
  if (start === 0) return [...lines];
  const length = lines.slice(start).findIndex((line) => !line.startsWith('  '));
  return [...lines.slice(0, start), `  [${length} lines]`, ...lines.slice(start + length)];
}

/** Without what differs from run to run and from machine to machine: times, versions, places, how many cases were what. */
function normal(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .replaceAll(/ *\d+\.\d+ s\b/g, ' T s')
      .replace(/\d+ cases?: .* cases\/s/, 'N cases')
      .replace(/server \S+, tools \S+;/, 'versions;')
      .replace(/PostgreSQL \S+ \(throwaway server, \S+\)/, 'server')
      .replace(/shrunk in \d+ trials/, 'shrunk')
      .replace(/--case \d+;/, '--case I;')
      .replace(/^ +\d+ × /, 'N × ')
      .replace(/\[\d+ lines\]/, '[lines]')
      .replace(/coverage: \d+ classes/, 'coverage'),
  );
}

/** The file that the reader has made before, as the page says. */
function writeFault(at: Home, text: string): void {
  const [, sql = ''] = /cat > drop-microseconds\.sql <<'SQL'\n([^]*?)SQL\n/.exec(text) ?? [];
  writeFileSync(join(at.directory, 'drop-microseconds.sql'), sql);
}

async function typed(at: Home, command: string): Promise<string[]> {
  const argv = command.split(' ').slice(1);
  return cut((await at.run(argv, { PATH })).out);
}

const text = readFileSync(README, 'utf8');
const sessions = sessionsOf(text);
const short = sessions.filter(({ command }) => command.startsWith('restoreproof '));

test('the sessions are there', () => {
  expect(sessions.map(({ command }) => command.split(' ').slice(0, 4).join(' '))).toEqual([
    'npm run -s fuzz',
    'restoreproof smoke',
    'restoreproof fuzz --seed 7',
  ]);
});

test.each(short)('what is shown of $command is what it prints', async ({ command, output }) => {
  await using at = await home();
  writeFault(at, text);
  const printed = await typed(at, command);
  if (UPDATE) replace(command, printed);
  expect(normal(printed)).toEqual(normal(UPDATE ? printed : output));
});

/** The lines that every run has, whatever it drew. */
function frame(lines: readonly string[]): string[] {
  const always = /^(seed|PostgreSQL|coverage|\d+ cases?:|PASS|FAIL|NO VERDICT)/;
  return normal(lines.filter((line) => always.test(line))).map((line) =>
    line.replaceAll(/seed \d+/g, 'seed S').replace(/ --(cases \d+|no-corpus|property \S+)/g, ''),
  );
}

// The run that is shown takes most of a minute; a short one prints the same lines.
test(
  'what is shown of npm run fuzz is what it prints',
  async () => {
    const [first] = sessions;
    if (!first) throw new Error('the README has no session');
    if (UPDATE) {
      const ran = await execa('npm', ['run', '-s', 'fuzz'], { cwd: packageRoot, env: { PATH }, lines: true });
      replace(first.command, cut(ran.stdout));
      return;
    }
    await using at = await home();
    const argv = [
      'fuzz',
      '--cases',
      '1',
      '--no-corpus',
      '--property',
      'sql-and-typescript-agree-on-the-chain',
    ];
    const { out } = await at.run(argv, { npm_lifecycle_event: 'fuzz' });
    expect(frame(out)).toEqual(frame(first.output));
  },
  LONG,
);

function replace(command: string, output: readonly string[]): void {
  const page = readFileSync(README, 'utf8');
  const [before = '', rest = ''] = page.split(`\`\`\`console\n$ ${command}\n`);
  const after = rest.slice(rest.indexOf('```'));
  writeFileSync(README, `${before}\`\`\`console\n$ ${command}\n${output.join('\n')}\n${after}`);
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { home, sharedUrl, type Ended } from './test-program.ts';

/** The lines of a section, unindented. */
function section({ out }: Ended, title: string): string[] {
  const from = out.indexOf(title) + 1;
  return out.slice(from, out.indexOf('', from)).map((line) => line.trim());
}

const TITLES = ['PostgreSQL installations', 'Docker', 'This machine', 'What would be used'];

test.concurrent('tells what is here, what would be used and why; never follows the environment by itself', async () => {
  await using at = await home();
  const { version, path } = inject('server');
  const production = { DATABASE_URL: 'postgres://u:geheim@127.0.0.1:1/production' };
  const ended = await at.run(['doctor'], { ...production, PATH: path });
  expect(ended).toMatchObject({ exitCode: 0, err: [] });
  expect(ended.out.filter((line) => line !== '' && !line.startsWith(' '))).toEqual(TITLES);
  expect(section(ended, 'PostgreSQL installations')[0]).toMatch(
    new RegExp(`^${version} +/.*\\(.*server and client programs\\)$`),
  );
  expect(section(ended, 'Docker')).toEqual([
    expect.stringMatching(/^(no engine answers|engine \S+ on .+; images of PostgreSQL at hand: .+)/),
  ]);
  expect(section(ended, 'This machine')).toEqual([
    expect.stringMatching(/^user +\S/),
    `Node                 ${process.version}`,
    `temporary directory  ${at.temporary} (writable)`,
    expect.stringMatching(/^can fetch PostgreSQL (yes|no) \(apt-get and dpkg-deb\)$/),
    expect.stringMatching(/^time zone data {7}/),
  ]);
  expect(section(ended, 'What would be used')[0]).toMatch(
    /^(a throwaway server of|the one fetched before:) PostgreSQL /,
  );
  expect(ended.out.join('\n')).not.toContain('geheim');
  expect(await at.leftovers()).toEqual([]);
});

test.concurrent('a server given by --url is asked, and its password is not shown', async () => {
  await using at = await home();
  const url = sharedUrl().replace('@', ':geheim@');
  const ended = await at.run(['doctor', '--url', url]);
  expect(ended).toMatchObject({ exitCode: 0, err: [] });
  expect(section(ended, 'What would be used')).toEqual([
    expect.stringMatching(/^PostgreSQL \d+\.\d+ \(server .*, tools \d+\.\d+ in .*\)$/),
    `because of ${url.replace('geheim', '***')}`,
  ]);
  expect(ended.out.join('\n')).not.toContain('geheim');
});

describe.concurrent('what cannot be used ends with 2, and says what to do instead', () => {
  test.each<[string, string[]]>([
    [
      '--pg-bin empty',
      [
        'nothing: --pg-bin empty holds no PostgreSQL programs',
        'why:  neither pg_dump nor postgres is there',
        'next: give --pg-bin the directory that holds pg_dump and postgres, e.g. /usr/lib/postgresql/17/bin',
      ],
    ],
    [
      '--engine container --url postgres://u:geheim@h/d',
      ['nothing: --url and --engine container contradict each other', 'next: give one of the two'],
    ],
    [
      '--engine local --url postgres://u:geheim@h/d',
      ['nothing: --url and --engine local contradict each other', 'next: give one of the two'],
    ],
    [
      '--url mysql://u:geheim@h/d',
      [
        'nothing: not a connection URL: mysql://u:***@h/d',
        'next: write it as postgres://user@host:5432/database',
      ],
    ],
    [
      '--pg 99',
      [
        'nothing: no PostgreSQL 99 was found on this machine',
        expect.stringMatching(/^why: {2}found only \d+\.\d+ in \//) as string,
        expect.stringMatching(
          /^next: install it, give --pg-bin DIR where it is, or ask for --pg \d+$/,
        ) as string,
      ],
    ],
  ])('doctor %s', async (line, lines) => {
    await using at = await home();
    mkdirSync(join(at.directory, 'empty'));
    const ended = await at.run(['doctor', ...line.split(' ')]);
    expect(ended).toMatchObject({ exitCode: 2, err: [] });
    expect(ended.out.filter((text) => text !== '' && !text.startsWith(' '))).toEqual(TITLES);
    expect(section(ended, 'What would be used')).toEqual(lines);
    expect(ended.out.join('\n')).not.toContain('geheim');
  });
});

import { expect, inject, test } from 'vitest';
import { canDownload } from '../postgres/download.ts';
import { findInstallations } from '../postgres/installations.ts';
import { hiding } from './test-hidden-directories.ts';
import { home, type Ended, type Home } from './test-program.ts';

/** A machine on which nothing is installed, and nothing was fetched before. */
const withoutPrograms = hiding((await findInstallations()).map(({ directory }) => directory));

function doctorWithoutPrograms(at: Home, environment: Readonly<Record<string, string>>): Promise<Ended> {
  return at.run(['doctor'], { XDG_CACHE_HOME: at.temporary, ...environment }, withoutPrograms);
}

function chosen({ out }: Ended): string[] {
  expect(out.slice(0, 3)).toEqual(['PostgreSQL installations', '  none', '']);
  return out.slice(out.indexOf('What would be used') + 1);
}

test.skipIf(!withoutPrograms || inject('images').length === 0)(
  'nothing is installed and Docker answers: a container, though it could be fetched',
  async () => {
    await using at = await home();
    const ended = await doctorWithoutPrograms(at, {});
    expect(chosen(ended)).toEqual([
      expect.stringMatching(/^ {2}a container of postgres:16-alpine@sha256:[0-9a-f]{64}, /),
      '  because nothing is installed and a Docker engine answers',
      '',
    ]);
    expect(ended).toMatchObject({ exitCode: 0, err: [] });
    expect(await at.leftovers()).toEqual([]);
  },
);

test.skipIf(!withoutPrograms || !(await canDownload()))(
  'nothing is installed and no Docker answers: fetched from the distribution',
  async () => {
    await using at = await home();
    const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const ended = await doctorWithoutPrograms(at, nowhere);
    expect(chosen(ended)).toEqual([
      '  the distribution’s PostgreSQL, fetched into a private cache at the first run',
      '',
    ]);
    expect(ended).toMatchObject({ exitCode: 0, err: [] });
    expect(await at.leftovers()).toEqual([]);
  },
);

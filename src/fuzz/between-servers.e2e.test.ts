import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { parseCaseFile } from '../case/case-file.ts';
import type { Case, Upgrade } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { packageRoot } from '../package-root.ts';
import { openServers } from '../postgres/open-servers.ts';
import { UPGRADE_HAZARDS } from '../verdict/upgrade-hazards.ts';
import { judgeByPrediction, type PredictedJudgement } from './judge-trial.ts';
import { Lane } from './lane.ts';
import { withGround } from './with-ground.ts';

const { settings, version } = inject('server');
const here = Number.parseInt(version, 10);
const images = inject('images');
const sharedUrl = `postgres://${settings.user}@${encodeURIComponent(settings.host)}:${settings.port}/postgres`;

/** How a server of a major version is named here; undefined where there is none. */
function reference(major: number): string | undefined {
  return major === here ? sharedUrl : images.find((image) => image.major === major)?.image;
}

/** What cases between two servers come to, one after another. */
async function judge(from: string, to: string, trials: readonly Case[]): Promise<PredictedJudgement[]> {
  await using servers = await openServers({
    engine: 'auto',
    download: false,
    say: () => undefined,
    from,
    to,
  });
  return await withGround(servers.engine, { other: servers.other }, async (ground) => {
    const lane = new Lane(ground, 'test');
    const judged: PredictedJudgement[] = [];
    for (const trial of trials) judged.push(await judgeByPrediction(trial, lane, { thorough: true }));
    return judged;
  });
}

function between(upgrade: Upgrade, plans: Partial<Case> = {}): Case {
  return { ...smokeCase(5), dump: { format: 'custom' }, target: { kind: 'fresh' }, upgrade, ...plans };
}

const newer = images.find(({ major }) => major > here);

describe.skipIf(!newer)('up and back', () => {
  const { image = '', major = 0 } = newer ?? {};
  const plain: Partial<Case> = { dump: { format: 'plain' }, restore: { tool: 'psql' } };
  const parallel: Partial<Case> = {
    dump: { format: 'directory', jobs: 2 },
    restore: { tool: 'pg_restore', jobs: 2 },
  };
  const created: Partial<Case> = {
    restore: { tool: 'pg_restore', create: true },
    target: { kind: 'wiped' },
  };
  let up: PredictedJudgement[];
  let back: PredictedJudgement[];

  beforeAll(async () => {
    const to = { from: here, to: major };
    up = await judge(sharedUrl, image, [
      between({ ...to, dump_by: 'to', restore_by: 'to' }),
      between({ ...to, dump_by: 'to', restore_by: 'to' }, plain),
      between({ ...to, dump_by: 'from', restore_by: 'to' }, parallel),
      between({ ...to, dump_by: 'from', restore_by: 'from' }),
      between({ ...to, dump_by: 'to', restore_by: 'from' }),
      between({ ...to, dump_by: 'to', restore_by: 'to' }, created),
    ]);
    const from = { from: major, to: here };
    back = await judge(image, sharedUrl, [
      between({ ...from, dump_by: 'to', restore_by: 'to' }),
      between({ ...from, dump_by: 'from', restore_by: 'to' }),
    ]);
  });

  test('a newer server agrees, whichever tools are used', () => {
    expect(up.map(({ finding }) => finding?.summary)).toEqual(up.map(() => undefined));
    expect(up.slice(0, 4).map(({ verdict }) => verdict)).toEqual(Array(4).fill('faithful'));
    // The last one's database was made by the dump, with the source's name, settings and comment.
    for (const { result } of [...up.slice(0, 4), ...up.slice(5)]) {
      expect(result.verdict).toBe('faithful');
      expect(result.restored?.server_version).toMatch(new RegExp(`^${major}\\.`));
      expect(result.source.server_version).toMatch(new RegExp(`^${here}\\.`));
      expect(result.checks.filter(({ outcome }) => outcome === 'held')).toHaveLength(10);
    }
  });

  test.runIf(here < 16 && major >= 16)('an archive of newer tools is refused by older ones', () => {
    expect(up[4]).toMatchObject({ verdict: 'refused', predicted: 'refused (archive-of-a-newer-version)' });
    expect(back[1]).toMatchObject({ verdict: 'refused', predicted: 'refused (archive-of-a-newer-version)' });
  });

  test('pg_dump refuses a server newer than itself', () => {
    expect(back.map(({ finding }) => finding?.summary)).toEqual(back.map(() => undefined));
    expect(back[0]).toMatchObject({ verdict: 'refused', predicted: 'refused (server-newer-than-pg_dump)' });
    expect(back[0]?.result.refusal?.stage).toBe('pg_dump');
  });
});

describe('each hazard between versions has a case in the corpus that shows it', () => {
  for (const { id } of UPGRADE_HAZARDS) {
    test(`${id} where its servers are at hand`, async ({ skip }) => {
      const file = `${packageRoot}properties/corpus/${id}.json`;
      const { trial } = parseCaseFile(await readFile(file, 'utf8'), file);
      const [from, to] = [reference(trial.upgrade?.from ?? 0), reference(trial.upgrade?.to ?? 0)];
      if (from === undefined || to === undefined) return skip('its servers are not at hand');
      const [judged] = await judge(from, to, [trial]);
      expect(judged).toMatchObject({ verdict: 'refused', predicted: `refused (hazard ${id})` });
      expect(judged?.finding).toBeUndefined();
      expect(judged?.prediction).toMatchObject({ hazard: id, alone: true });
    });
  }
});

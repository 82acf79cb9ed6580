import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Case, Damage } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import type { Engine } from '../postgres/engine.ts';
import { openEngine } from '../postgres/open-engine.ts';
import type { TrialResult } from '../verdict/trial-result.ts';
import { judgeDamage } from './judge-damage.ts';
import { Lane } from './lane.ts';
import type { Judgement } from './property.ts';
import { withGround } from './with-ground.ts';

let engine: Engine;

beforeAll(async () => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  engine = await openEngine({ engine: 'local', download: true, say });
});

afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

/** A lane whose checks see nothing: whatever the tools let through is faithful. */
class BlindLane extends Lane {
  override async roundTrip(...given: Parameters<Lane['roundTrip']>): Promise<TrialResult> {
    const result = await super.roundTrip(...given);
    return result.refusal ? result : { ...result, verdict: 'faithful', checks: [] };
  }
}

async function judge(
  damage: Damage,
  plans: Partial<Case>,
  lane: typeof Lane = Lane,
): Promise<Judgement & { outcome: string | undefined }> {
  const trial: Case = { ...smokeCase(12), ...plans, disturbance: { damage } };
  const judged = await withGround(engine, {}, (ground) => judgeDamage(trial, new lane(ground, 'damage')));
  return { ...judged, outcome: judged.tallies?.[0]?.outcome };
}

const SCRIPT = { dump: { format: 'plain' }, restore: { tool: 'psql' } } as const;
/** psql runs what is left of a script, and exits 0. */
const CUT: Damage = { kind: 'truncated', file: 0, at: 0.97 };

describe('a damaged dump', () => {
  test('is refused by the tool', async () => {
    const judged = await judge({ kind: 'truncated', file: 0, at: 0.5 }, {});
    expect(judged).toMatchObject({ verdict: 'refused', outcome: 'refused by the tool' });
    expect(judged.finding).toBeUndefined();
  });

  test('goes through psql without a word, and is seen by the checks', async () => {
    const judged = await judge(CUT, SCRIPT);
    expect(judged).toMatchObject({ verdict: 'drifted', outcome: 'seen by checks only' });
    expect(judged.tallies?.[0]?.details).toContain('schema');
    expect(judged.finding).toBeUndefined();
  });

  test('is restored to the same bytes where the damage is in a comment', async () => {
    const judged = await judge({ kind: 'bit-flipped', file: 0, at: 0, bit: 0 }, SCRIPT);
    // The script begins with `--`, of which a flipped bit makes `,-`.
    expect(judged.outcome).toBe('refused by the tool');
    const comment = await judge({ kind: 'byte-inserted', file: 0, at: 0.001, byte: 0x78 }, SCRIPT);
    expect(comment).toMatchObject({ verdict: 'faithful', outcome: 'the same bytes' });
    expect(comment.finding).toBeUndefined();
  });
});

test('where the checks see nothing, the look from outside does', async () => {
  const { finding } = await judge(CUT, SCRIPT, BlindLane);
  expect(finding?.summary).toMatch(
    /^a damaged dump was restored silently: pg_dump differs from line \d+: .*worm_trigger; Type: TRIGGER/,
  );
});

import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Case } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { openThrowawayDirectory } from '../postgres/throwaway-directory.ts';
import { chooseSubject } from '../subject/choose-subject.ts';
import { testEngine } from '../testing.ts';
import { findingOf } from './judge-trial.ts';
import { Lane } from './lane.ts';
import { runReproduction } from './reproduction-run.ts';
import { reproduce } from './reproduction.ts';
import { withGround } from './with-ground.ts';

const REWRITES_A_DEED = `ALTER TABLE audit_log DISABLE TRIGGER audit_log_refuse;
  UPDATE audit_log SET deed = 'x' WHERE seq = 2; ALTER TABLE audit_log ENABLE ALWAYS TRIGGER audit_log_refuse`;

test.each([
  ['fails where the restore does', { sql: REWRITES_A_DEED }, 'lossy', 1],
  ['does not fail where the restore does not', undefined, 'faithful', 0],
] as const)(
  'repro.sh of another subject goes by its queries: it %s',
  async (_, disturbance, verdict, exitCode) => {
    await using folder = await openThrowawayDirectory();
    await withGround(
      testEngine(),
      { chosen: await chooseSubject({ subject: 'hardened' }) },
      async (ground) => {
        // The schema has a default of type bytea, which is no other one where it is printed in another way.
        const target = { kind: 'fresh', settings: { bytea_output: 'escape' } } as const;
        const trial: Case = { ...smokeCase(3), target, disturbance };
        const directory = join(folder.path, 'finding');
        const result = await new Lane(ground, basename(directory)).roundTrip(trial, { thorough: false });
        expect(result.verdict).toBe(verdict);
        const finding = findingOf(result, 'a summary', 'faithful');
        const shrunk = { trial, trials: 1, end: 'minimal' } as const;
        const found = {
          signature: 's',
          property: 'p',
          origin: { index: 0 },
          finding,
          shrunk,
          original: trial,
        };
        expect(await reproduce({ ...found, directory }, ground)).toBe(true);
        expect(await runReproduction(join(directory, 'repro.sh'), trial, ground)).toMatchObject({ exitCode });
      },
    );
  },
);

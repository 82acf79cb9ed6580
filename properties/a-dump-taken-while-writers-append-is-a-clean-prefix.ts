import fc from 'fast-check';
import { DUMP_FORMATS, judgeGrowingSource, smokeCase, type Case, type Property } from '../src/index.ts';

const MOST_ROWS = 40;
const MOST_WRITERS = 4;

export const aDumpTakenWhileWritersAppendIsACleanPrefix: Property = {
  name: 'a-dump-taken-while-writers-append-is-a-clean-prefix',
  promise:
    'A dump taken while sessions append is restored to the first n events of the source, n between the counts at its start and end.',
  weight: 1,
  quickCases: 3,
  knows: 'the rules of the subject',
  draw: () =>
    fc
      .record({
        rows: fc.integer({ min: 0, max: MOST_ROWS }),
        writers: fc.integer({ min: 1, max: MOST_WRITERS }),
        dump: fc.constantFrom(...DUMP_FORMATS),
      })
      .map(({ rows, writers, dump }): Case => ({
        format: 'restoreproof.case/v1',
        workload: { ...smokeCase(rows).workload, writers },
        dump: { format: dump, ...(dump === 'directory' ? { jobs: 2 } : {}) },
        restore: { tool: dump === 'plain' ? 'psql' : 'pg_restore' },
        target: { kind: 'fresh' },
      })),
  judge: judgeGrowingSource,
};

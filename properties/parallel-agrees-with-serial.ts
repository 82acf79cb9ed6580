import { drawCase, judgeAgreement, withGivenTimes, type Case, type Property } from '../src/index.ts';

export const parallelAgreesWithSerial: Property = {
  name: 'parallel-agrees-with-serial',
  promise: 'A parallel dump and a parallel restore give what one job gives.',
  weight: 1,
  quickCases: 3,
  draw: (world) =>
    drawCase(world, 'envelope').map(({ format, workload, dump, restore }): Case => ({
      format,
      workload: withGivenTimes(workload),
      dump: { format: 'directory', jobs: Math.max(2, dump.jobs ?? 2) },
      restore: { tool: 'pg_restore', jobs: Math.max(2, restore.jobs ?? 3) },
      target: { kind: 'wiped' },
    })),
  judge: (trial, lane) => {
    const { jobs: _, ...dump } = trial.dump;
    const { jobs: __, ...restore } = trial.restore;
    return judgeAgreement(
      [
        { name: 'one job', trial: { ...trial, dump, restore } },
        { name: 'a parallel dump', trial: { ...trial, restore } },
        { name: 'a parallel restore', trial },
      ],
      lane,
    );
  },
};

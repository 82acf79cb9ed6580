import { drawCase, judgeAgreement, withGivenTimes, type Case, type Property } from '../src/index.ts';

const FORMATS = ['custom', 'plain', 'directory', 'tar'] as const;

export const formatsAgree: Property = {
  name: 'formats-agree',
  promise: 'One workload, dumped in every format, is restored to the same rows.',
  weight: 1,
  quickCases: 3,
  draw: (world) =>
    drawCase(world, 'envelope').map(({ format, workload, dump }): Case => ({
      format,
      workload: withGivenTimes(workload),
      dump: { format: 'custom', ...(dump.rows === undefined ? {} : { rows: dump.rows }) },
      restore: { tool: 'pg_restore' },
      target: { kind: 'wiped' },
    })),
  judge: (trial, lane) =>
    judgeAgreement(
      FORMATS.map((format) => ({
        name: `the ${format} format`,
        trial: {
          ...trial,
          dump: { ...trial.dump, format },
          restore: { tool: format === 'plain' ? 'psql' : 'pg_restore' },
        },
      })),
      lane,
    ),
};

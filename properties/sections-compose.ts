import { drawCase, judgeAgreement, withGivenTimes, type Case, type Property } from '../src/index.ts';

export const sectionsCompose: Property = {
  name: 'sections-compose',
  promise: 'Pre-data, data and post-data, dumped or restored one after another, give what the whole gives.',
  weight: 1,
  quickCases: 3,
  draw: (world) =>
    drawCase(world, 'envelope').map(({ format, workload, dump }): Case => ({
      format,
      workload: withGivenTimes(workload),
      dump: { format: dump.format === 'plain' ? 'custom' : dump.format },
      restore: { tool: 'pg_restore' },
      target: { kind: 'wiped' },
    })),
  judge: (trial, lane) =>
    judgeAgreement(
      [
        { name: 'the whole', trial },
        { name: 'a dump for each section', trial: { ...trial, dump: { ...trial.dump, parts: 'sections' } } },
        {
          name: 'a restore for each section',
          trial: { ...trial, restore: { ...trial.restore, by_section: true } },
        },
      ],
      lane,
    ),
};

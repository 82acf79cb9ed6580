import { drawCase, judgeLoading, withGivenTimes, type Case, type Property } from '../src/index.ts';

export const aLoadedChainIsTheTriggersOwn: Property = {
  name: 'a-loaded-chain-is-the-triggers-own',
  promise:
    'Events loaded past the triggers, with the chain as the harness computes it, are those that the triggers chain.',
  // It is about the harness: a million rows are loaded, and not one of them went through the triggers.
  weight: 0,
  quickCases: 10,
  knows: 'the built-in schema',
  draw: (world) =>
    drawCase(world, 'envelope').map(({ format, workload }): Case => ({
      format,
      workload: withGivenTimes(workload),
      dump: { format: 'custom' },
      restore: { tool: 'pg_restore' },
      target: { kind: 'wiped' },
    })),
  judge: judgeLoading,
};

import { drawCase, judgeRecomputation, type Case, type Property } from '../src/index.ts';

export const sqlAndTypescriptAgreeOnTheChain: Property = {
  name: 'sql-and-typescript-agree-on-the-chain',
  promise: 'The chain that the triggers wrote is the chain that the harness computes from the rows alone.',
  weight: 1,
  quickCases: 12,
  knows: 'the rules of the subject',
  draw: (world) =>
    drawCase(world, 'envelope').map(({ format, workload }): Case => ({
      format,
      workload,
      dump: { format: 'custom' },
      restore: { tool: 'pg_restore' },
      target: { kind: 'wiped' },
    })),
  judge: judgeRecomputation,
};

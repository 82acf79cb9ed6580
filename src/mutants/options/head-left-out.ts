import type { Mutant } from '../mutant.ts';

export const headLeftOut: Mutant = {
  id: 'head-left-out',
  what: 'The data of the head were not dumped.',
  strikes: 'options',
  fault: {
    at: 'plan',
    change: ({ dump, ...trial }) => ({
      ...trial,
      dump: { ...dump, options: [...(dump.options ?? []), '--exclude-table-data=audit_chain_head'] },
    }),
  },
};

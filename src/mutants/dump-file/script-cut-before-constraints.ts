import type { Mutant } from '../mutant.ts';

export const scriptCutBeforeConstraints: Mutant = {
  id: 'script-cut-before-constraints',
  what: 'The script of the dump ends before the first constraint, at the end of a statement.',
  strikes: 'dump file',
  needs: { plan: ({ dump }) => dump.format === 'plain' },
  fault: {
    at: 'script',
    edit: (script) => {
      const end = script.search(/^-- Name: .*; Type: (?:CONSTRAINT|INDEX)/m);
      return end === -1 ? script : script.slice(0, end);
    },
  },
};

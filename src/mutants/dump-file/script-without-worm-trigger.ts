import type { Mutant } from '../mutant.ts';

export const scriptWithoutWormTrigger: Mutant = {
  id: 'script-without-worm-trigger',
  what: 'The script of the dump is without the write-once trigger.',
  strikes: 'dump file',
  needs: { plan: ({ dump }) => dump.format === 'plain' },
  fault: {
    at: 'script',
    edit: (script) => script.replace(/^CREATE TRIGGER "?audit_events_worm_trigger.*\n/m, ''),
  },
};

import type { Mutant } from '../mutant.ts';

export const wormFunctionSwallows: Mutant = {
  id: 'worm-function-swallows',
  what: 'The write-once trigger’s function swallows changes without a word.',
  strikes: 'behaviour',
  fault: {
    at: 'restored',
    sql: `CREATE OR REPLACE FUNCTION audit_events_worm() RETURNS trigger LANGUAGE plpgsql
        AS $worm$ BEGIN RETURN NULL; END $worm$`,
  },
};

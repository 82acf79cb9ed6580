import type { Mutant } from '../mutant.ts';

export const wormFunctionLetsPass: Mutant = {
  id: 'worm-function-lets-pass',
  what: 'The write-once trigger is there, and its function lets every change pass.',
  strikes: 'behaviour',
  fault: {
    at: 'restored',
    sql: `CREATE OR REPLACE FUNCTION audit_events_worm() RETURNS trigger LANGUAGE plpgsql
        AS $worm$ BEGIN RETURN coalesce(NEW, OLD); END $worm$`,
  },
};

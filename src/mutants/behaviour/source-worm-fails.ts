import type { Mutant } from '../mutant.ts';

export const sourceWormFails: Mutant = {
  id: 'source-worm-fails',
  what: 'The source’s own write-once trigger fails before it refuses, for want of a table, and so does the restored one.',
  strikes: 'behaviour',
  fault: {
    at: 'source',
    sql: `CREATE OR REPLACE FUNCTION audit_events_worm() RETURNS trigger LANGUAGE plpgsql AS $worm$
        BEGIN
          INSERT INTO audit_attempts VALUES (TG_OP);
          RAISE EXCEPTION 'audit_events is append-only: % is not allowed', TG_OP;
        END $worm$`,
  },
};

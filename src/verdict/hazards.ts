import { COLLATION_HAZARDS } from './collation-hazards.ts';
import { ENCODING_HAZARDS } from './encoding-hazards.ts';
import { FILTER_HAZARDS } from './filter-hazards.ts';
import { silentHazard, type Hazard } from './hazard.ts';
import { hasAllRowsAlready, RESTORE_HAZARDS } from './restore-hazards.ts';
import { UPGRADE_HAZARDS } from './upgrade-hazards.ts';
import { psqlGoesOn, undoneByAnError } from './plan-words.ts';

// Restore hazards first: a table that is not there, or a head that is, stops the data before any text is converted.
const KNOWN: readonly Hazard[] = [
  ...UPGRADE_HAZARDS,
  ...RESTORE_HAZARDS,
  ...ENCODING_HAZARDS,
  ...FILTER_HAZARDS,
  ...COLLATION_HAZARDS,
];

/** psql without ON_ERROR_STOP, over an error that costs rows. One that costs none shows what else applies. */
const PSQL_GOES_ON = silentHazard({
  id: 'psql-goes-on',
  title: 'psql goes on after an error and exits 0',
  applies: (trial, facts, world) =>
    psqlGoesOn(trial) &&
    !hasAllRowsAlready(trial, facts, world) &&
    KNOWN.some(
      (hazard) =>
        hazard.verdict === 'refused' &&
        hazard.stage !== 'dump' &&
        (!hazard.costsNothing?.(trial, facts, world) || undoneByAnError(trial)) &&
        hazard.applies(trial, facts, world),
    ),
  verdict: 'lossy',
  seenBy: ['row-count', 'row-bytes', 'chain-head'],
  what: 'Without `--set=ON_ERROR_STOP=1` psql reports an error, runs the rest of the script and exits 0 (manual, psql, Exit Status). Under `--single-transaction` the COMMIT at the end is then a rollback of everything, and the exit status is 0 all the same; not so under `--set=ON_ERROR_ROLLBACK=on`, which leaves out the statement that failed. pg_restore without `--exit-on-error` goes on too, but exits 1.',
  advice: 'Always `psql --no-psqlrc --set=ON_ERROR_STOP=1 --single-transaction --file=…`.',
});

/** All documented hazards. Where several apply, `predict` says which one decides. */
export const HAZARDS: readonly Hazard[] = [PSQL_GOES_ON, ...KNOWN];

import type { Installed } from './case/subject-traits.ts';

/** Of a subject that has nothing beside its trail. */
export const NOTHING_BESIDE: Installed = {
  tables: 0,
  rows: 0,
  otherSchemas: false,
  characters: [],
  keys: [],
  bounded: [],
  wideDefinitions: false,
  settings: [],
  materializedViews: false,
  outOfSight: false,
  again: true,
  usualTriggers: true,
};

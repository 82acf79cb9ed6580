import fc from 'fast-check';
import { oneOf } from './chance.ts';
import { into, intoOneWith, restoringUnder } from './change-case.ts';
import { ICU_SINCE, ICU_LOCALES } from './draw-target.ts';
import { plantTie } from './plant.ts';
import type { Recipe } from './recipe.ts';
import type { World } from './world.ts';

/** Databases whose settings or whose collation are what matters. */
export const targetRecipes = ({ subject, server, icu, superuser }: World): Recipe[] => [
  {
    hazard: 'read-only-session',
    without: ['go-on'],
    change: oneOf([restoringUnder('PGOPTIONS', '-c default_transaction_read_only=on')]),
  },
  {
    hazard: 'read-only-session',
    without: ['create'],
    change: oneOf([
      restoringUnder('PGOPTIONS', '-c default_transaction_read_only=on'),
      intoOneWith('default_transaction_read_only', 'on'),
    ]),
  },
  {
    hazard: 'triggers-asleep',
    possible: superuser && subject.triggers === 'origin',
    change: oneOf([
      ...Array.from({ length: 5 }, () => intoOneWith('session_replication_role', 'replica')),
      restoringUnder('PGOPTIONS', '-c session_replication_role=replica'),
    ]),
  },
  {
    hazard: 'search-path-without-public',
    possible: subject.names === 'search-path',
    change: oneOf(
      // The harness quotes the value, so that it is one name: also '"$user", public', and `public` is harmless.
      ['pg_catalog', 'nowhere', '', '"$user", public', 'public'].map((path) =>
        intoOneWith('search_path', path),
      ),
    ),
  },
  {
    hazard: 'ties-in-another-order',
    possible: icu && server.major >= ICU_SINCE && subject.order === 'time',
    workload: { minRows: 2, swarm: { freeIds: false, faults: false } },
    plant: fc.nat().map(plantTie),
    without: ['target-encoding', 'create'],
    change: oneOf(ICU_LOCALES).map((locale) => into({ encoding: 'UTF8', provider: 'icu', locale })),
  },
];

import { encodingRecipes } from './encoding-recipes.ts';
import { filterRecipes } from './filter-recipes.ts';
import type { Recipe } from './recipe.ts';
import { restoreRecipes } from './restore-recipes.ts';
import { targetRecipes } from './target-recipes.ts';
import { knowsRules, type World } from './world.ts';

/** Errors that psql goes past, when it is not told to stop. */
const GONE_PAST = [
  'objects-already-there',
  'head-already-there',
  'triggers-fire-on-data',
  'triggers-refuse-data',
  'nothing-to-restore-into',
  'read-only-session',
  'target-encoding-without-equivalent',
];

/**
 * How often a hazard is drawn of purpose, in proportion. Set by the table of cases to detection: less where a hazard also
 * comes by itself or by the recipe of another, more where a recipe misses more often.
 */
export const USUAL_SHARE = 4;
export const SHARES: Readonly<Record<string, number>> = {
  'target-encoding-without-equivalent': 1,
  'dump-encoding-without-equivalent': 2,
  'bytes-counted-as-characters': 3,
  'head-not-replaced': 3,
  'triggers-without-functions': 3,
  'events-left-out': 5,
  'no-conversion-between-encodings': 5,
  'objects-already-there': 5,
  'triggers-fire-on-data': 5,
  'autocommit-off': 5,
  'single-line-mode-gone-past': 5,
  'triggers-asleep': 5,
  'search-path-without-public': 6,
  'ties-in-another-order': 6,
  'sql-ascii-dump-reinterpreted': 5,
  'schema-without-extension': 5,
  'tables-without-functions': 5,
  'foreign-bytes-in-sql-ascii': 6,
  'json-keys-in-another-order': 8,
};

/** The hazards that can be drawn of purpose in a world, in a fixed order. */
export function hazardsToDraw(world: World): string[] {
  return [...new Set(recipesIn(world).map(({ hazard }) => hazard))];
}

/** The ways to draw a hazard in a world. */
export function recipesFor(hazard: string, world: World): Recipe[] {
  return recipesIn(world).filter((recipe) => recipe.hazard === hazard);
}

/** Hazards that the plan alone makes, whatever the schema is and whatever its columns take. */
const OF_THE_PLAN = [
  'read-only-session',
  'single-line-mode',
  'single-line-mode-gone-past',
  'autocommit-off',
  'data-left-out',
  'nothing-to-restore-into',
];

/** Of a schema that is only described, those of the plan: where the others would show in it is not known. */
function recipesIn(world: World): Recipe[] {
  const all = everyRecipe(world);
  return knowsRules(world) ? all : all.filter(({ hazard }) => OF_THE_PLAN.includes(hazard));
}

function everyRecipe(world: World): Recipe[] {
  const known = [
    ...restoreRecipes(world),
    ...targetRecipes(world),
    ...encodingRecipes(world),
    ...filterRecipes(world),
  ].filter(({ possible = true }) => possible);
  return [...known, ...known.filter(({ hazard }) => GONE_PAST.includes(hazard)).map(gonePast)];
}

function gonePast(recipe: Recipe): Recipe {
  return {
    ...recipe,
    hazard: 'psql-goes-on',
    features: [...(recipe.features ?? []), 'go-on', 'script'],
    without: [...(recipe.without ?? []), 'create'],
  };
}

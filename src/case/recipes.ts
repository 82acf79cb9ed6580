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
 * Hazards whose recipes miss in a quarter of the cases or more, because another hazard decides or none: they have two
 * turns in a round. Set by the table of cases to detection.
 */
export const OFTEN_MISSED: readonly string[] = [
  'json-keys-in-another-order',
  'psql-goes-on',
  'triggers-fire-on-data',
  'autocommit-off',
  'sql-ascii-dump-reinterpreted',
  'tables-without-functions',
  'bytes-counted-as-characters',
  'foreign-bytes-in-sql-ascii',
];

/** The hazards that can be drawn of purpose in a world, in a fixed order. */
export function hazardsToDraw(world: World): string[] {
  return [...new Set(recipesIn(world).map(({ hazard }) => hazard))];
}

/** One round of the hazards that can be drawn of purpose in a world; the second turns come when all had their first. */
export function hazardTurns(world: World): string[] {
  const hazards = hazardsToDraw(world);
  return [...hazards, ...hazards.filter((hazard) => OFTEN_MISSED.includes(hazard))];
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

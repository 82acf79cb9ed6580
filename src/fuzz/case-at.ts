import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import { propertyAt } from './choose-property.ts';
import { drawAt } from './draw.ts';
import type { Property } from './property.ts';

/** A case with the property that it is for. */
export interface DrawnCase {
  readonly property: Property;
  readonly trial: Case;
}

/** How many cases in a row are of one family: they share workload and dump, where the property allows it. */
export const FAMILY = 4;

/** The index that a family begins with, of which this one is a member. */
function eldestOf(index: number): number {
  return index - (index % FAMILY);
}

/**
 * The cases of a seed, each a function of the seed, the index and the properties asked for. The members of a family
 * are other ways to restore one dump, which is then taken once.
 * @returns undefined where no property has any weight
 */
export function casesOf(
  properties: readonly Property[],
  world: World,
  seed: number,
): (index: number) => DrawnCase | undefined {
  const drawn = new Map(properties.map((property) => [property, property.draw(world)]));
  const alone = (index: number): DrawnCase | undefined => {
    const property = propertyAt(properties, seed, index);
    const arbitrary = property && drawn.get(property);
    return property && arbitrary && { property, trial: drawAt(arbitrary, seed, index) };
  };
  let latest: { readonly index: number; readonly eldest: DrawnCase | undefined } | undefined;
  return (index) => {
    const first = eldestOf(index);
    if (latest?.index !== first) latest = { index: first, eldest: alone(first) };
    const { eldest } = latest;
    const another = index === first ? undefined : eldest?.property.drawAnotherRestore?.(world, eldest.trial);
    if (index === first) return eldest;
    return eldest && another
      ? { property: eldest.property, trial: drawAt(another, seed, index) }
      : alone(index);
  };
}

/** The cases of some indices, those of one family together; ends where none is drawn. */
export function* familiesOf(
  indices: Iterable<number>,
  caseAt: (index: number) => DrawnCase | undefined,
): Generator<readonly (DrawnCase & { readonly index: number })[], void> {
  let family: (DrawnCase & { readonly index: number })[] = [];
  for (const index of indices) {
    const drawn = caseAt(index);
    if (!drawn) break;
    if (family[0] && eldestOf(family[0].index) !== eldestOf(index)) {
      yield family;
      family = [];
    }
    family.push({ index, ...drawn });
  }
  if (family.length > 0) yield family;
}

import { mix } from './draw.ts';
import type { Property } from './property.ts';

/** Which property a case is for: a function of the seed, the index and the properties asked for. */
export function propertyAt(
  properties: readonly Property[],
  seed: number,
  index: number,
): Property | undefined {
  const asked =
    properties.length === 1 ? properties.map((property) => ({ property, weight: 1 })) : weighed(properties);
  const total = asked.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return undefined;
  // Another stream than the case's own, so that a property does not see one kind of case only.
  let ticket = (mix(~seed, index) >>> 0) % total;
  return asked.find(({ weight }) => (ticket -= weight) < 0)?.property;
}

function weighed(properties: readonly Property[]): { property: Property; weight: number }[] {
  return properties.map((property) => ({ property, weight: property.weight }));
}

import { UsageError } from '../errors.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Property } from './property.ts';

/** Whether a property can be tried on a server: what it does to one may be nothing to do to somebody else's. */
export function isFit({ needs }: Property, { throwaway }: Pick<Engine, 'throwaway'>): boolean {
  return needs === undefined || throwaway;
}

/** @throws UsageError for a property that was asked for by its name and cannot be tried */
export function requireFit(property: Property, engine: Pick<Engine, 'throwaway'>): void {
  if (isFit(property, engine)) return;
  throw new UsageError({
    what: `${property.name} is not tried on a server that is not ours`,
    why: `it takes a ${property.needs}: what is done there is done on purpose to go wrong`,
    next: 'leave --url out, or use --engine local',
  });
}

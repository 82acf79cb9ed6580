import { UsageError } from '../errors.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Property } from './property.ts';

/** Whether a property can be tried on a server: what it does to one may be nothing to do to somebody else's. */
export function isFit({ needs }: Property, { kind, throwaway }: Pick<Engine, 'kind' | 'throwaway'>): boolean {
  if (needs === 'local server') return kind === 'local';
  return needs === undefined || throwaway;
}

/** @throws UsageError for a property that was asked for by its name and cannot be tried */
export function requireFit(property: Property, engine: Pick<Engine, 'kind' | 'throwaway'>): void {
  if (isFit(property, engine)) return;
  throw new UsageError({
    what: `${property.name} cannot be tried on this server`,
    why: `it takes a throwaway server${property.needs === 'local server' ? ' of this machine' : ''}: things go wrong there on purpose`,
    next: 'leave --url out, or use --engine local',
  });
}

import type { Case } from './case.ts';

/**
 * The case with plans that leave nothing behind by their own words, so that both sides can be compared whole, and that
 * make no database: a damaged script may make one of another name.
 */
export function withWholePlans({ dump, restore, target, ...rest }: Case): Case {
  const { options: _, environment: __, parts, ...dumping } = dump;
  const { options: ___, environment: ____, create: _____, ...restoring } = restore;
  return {
    ...rest,
    dump: parts === 'sections' ? { ...dumping, parts } : dumping,
    restore: restoring,
    target: { kind: target.kind },
  };
}

import { expect, test } from 'vitest';
import { CLASHES } from './draw-clash.ts';
import { smokeCase } from './smoke-case.ts';

/** What psql is given by the clashes of a case whose dump is packed like this. */
function scriptsFor(compress: string): string[] {
  return CLASHES.map((clash) => clash({ ...smokeCase(1), dump: { format: 'custom', compress } }))
    .filter(({ dump, restore }) => dump.format === 'plain' && restore.tool === 'psql')
    .map(({ dump }) => dump.compress ?? 'not packed');
}

test.each(['lz4', 'zstd:3', 'zstd:long'])('psql is given no script packed by %s', (compress) => {
  expect(new Set(scriptsFor(compress))).toEqual(new Set(['not packed']));
});

test.each(['6', 'gzip:6', 'none'])('psql is given scripts packed by %s', (compress) => {
  expect(new Set(scriptsFor(compress))).toEqual(new Set([compress]));
});

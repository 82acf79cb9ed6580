import { expect, test } from 'vitest';
import { aNewerServerAgrees } from '../../properties/a-newer-server-agrees.ts';
import { nothingIsLostSilently } from '../../properties/nothing-is-lost-silently.ts';
import type { FreshTarget } from '../case/case.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testEngine } from '../testing.ts';
import { corpusFor } from './corpus-for.ts';

const ICU: FreshTarget = { kind: 'fresh', encoding: 'UTF8', provider: 'icu', locale: 'en-US' };

test.each([
  ['15.18', true, ['plain', 'icu']],
  // Of a build without it, or of an image such as a small one of one's own.
  ['15.18', false, ['plain']],
  ['13.23', true, ['plain']],
])('a collation of ICU on %s, which has it: %s', (text, icu, files) => {
  const corpus = [
    { file: 'plain', trial: smokeCase(1), property: nothingIsLostSilently },
    { file: 'icu', trial: { ...smokeCase(1), target: ICU }, property: nothingIsLostSilently },
  ];
  const version = { major: Number.parseInt(text, 10), minor: 0, text };
  const world = { server: version, tools: version, icu, superuser: true, columnVersions: false };
  const rest = { subject: auditChain.traits, compression: [], locales: [] };
  const kept = corpusFor(corpus, { engine: testEngine() }, aNewerServerAgrees, { ...world, ...rest });
  expect(kept.map(({ file }) => file)).toEqual(files);
});

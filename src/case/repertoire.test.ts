import { expect, test } from 'vitest';
import type { AuditEvent } from './case.ts';
import { repertoireOf } from './repertoire.ts';
import { auditChain } from '../subject/audit-chain.ts';

const plain: AuditEvent = {
  id: '1',
  actor: 'a',
  actor_type: 'user',
  action: 'auth.login',
  resource_type: 'session',
  resource_id: 's',
  details: '{"a":"\\u0041\\n"}',
  timestamp: { at: '0' },
};

test.each<[string, Partial<AuditEvent>, string]>([
  ['nothing else', {}, 'ascii'],
  ['a C0 control', { actor: '\u0001\u007f' }, 'ascii'],
  ['an accent', { action: 'é' }, 'latin1'],
  ['a C1 control', { id: '\u0085' }, 'latin1'],
  ['an escaped accent in a value', { details: '["\\u00e9"]' }, 'latin1'],
  ['an escaped backslash before u00e9', { details: '["\\\\u00e9"]' }, 'ascii'],
  ['an escaped pair in a key', { details: '{"\\ud83d\\ude00":1}' }, 'unicode'],
  ['the euro sign', { resource_type: '€' }, 'unicode'],
  ['a value that a later one of an equal key replaces', { details: '{"a":"\\u20ac","a":"é"}' }, 'latin1'],
  ['keys in such a value', { details: '[{"é":{"€":1},"\\u00e9":{}}]' }, 'latin1'],
  ['equal keys of different objects', { details: '[{"a":"€"},{"a":"é"}]' }, 'unicode'],
  ['a key that is that of all objects', { details: '{"__proto__":{"€":1}}' }, 'unicode'],
  ['a refused event', { actor: '€'.repeat(256) }, 'ascii'],
])('%s', (_, change, repertoire) => {
  const events = [plain, { ...plain, id: '2', ...change }];
  expect(
    repertoireOf({ transactions: [{ statements: [{ insert: 'each', events }] }] }, auditChain.traits),
  ).toBe(repertoire);
});

test('rows that are rolled back need nothing', () => {
  const statements = [{ insert: 'copy', events: [{ ...plain, actor: '€' }] }] as const;
  expect(repertoireOf({ transactions: [{ end: 'rollback', statements }] }, auditChain.traits)).toBe('ascii');
});

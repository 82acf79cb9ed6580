import { expect, test } from 'vitest';
import type { Engine } from '../postgres/engine.ts';
import { parseVersion } from '../postgres/version.ts';
import { testTools } from '../testing.ts';
import { unfitTools } from './needs.ts';

function pairOf(server: string, tools: string): Pick<Engine, 'tools' | 'serverVersion'> {
  const [serverVersion, version] = [parseVersion(server), parseVersion(tools)];
  if (!serverVersion || !version) throw new Error('no versions');
  return { serverVersion, tools: { ...testTools(), version } };
}

test.each([
  ['14.23', '16.14', undefined],
  ['16.14', '17.12', 'install postgresql-client-16'],
  ['13.23', '18.6', 'install postgresql-client-13'],
  ['17.0', '18.6', undefined],
])(
  'server %s with tools of %s: what is to be done for anything to come back is %s',
  (server, tools, next) => {
    expect(unfitTools(pairOf(server, tools))?.next?.split(',')[0]).toBe(next);
  },
);

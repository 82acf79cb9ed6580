import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openDump } from './dump-file.ts';

const directory = mkdtempSync(join(realpathSync(tmpdir()), 'dump-file-'));
const at = (name: string): string => join(directory, name);

afterAll(() => rmSync(directory, { recursive: true }));

describe('what is no dump is refused', () => {
  test.each([
    ['nothing', '', /is no dump/],
    ['a picture', '\x89PNG\r\n\x1a\n\0\0', /is no dump/],
    ['age', 'age-encryption.org/v1\n-> X25519', /encrypted by age/],
    ['zstd', '\x28\xb5\x2f\xfd....', /packed or encrypted by zstd/],
    ['pg_dumpall', '--\n-- PostgreSQL database cluster dump\n--\n', /dump of a whole server/],
  ])('%s', async (_, text, what) => {
    writeFileSync(at('thing'), Buffer.from(text, 'latin1'));
    await expect(openDump(at('thing'))).rejects.toThrow(what);
  });

  test('a directory without a table of contents, and a path that leads nowhere', async () => {
    mkdirSync(at('empty'));
    await expect(openDump(at('empty'))).rejects.toThrow('is no dump');
    await expect(openDump(at('nowhere'))).rejects.toThrow('cannot be read');
  });

  test('a directory with a link that leads nowhere', async () => {
    mkdirSync(at('broken'));
    writeFileSync(at('broken/toc.dat'), '');
    symlinkSync('nowhere.gz', at('broken/1.dat.gz'));
    await expect(openDump(at('broken'))).rejects.toThrow('cannot be read');
  });
});

test('what is to be seen of a directory is where its links lead, too', async () => {
  mkdirSync(at('linked/store'), { recursive: true });
  for (const name of ['linked/toc.dat', 'linked/2.dat.gz', 'linked/store/3', 'moved', 'absolute'])
    writeFileSync(at(name), '');
  for (const [name, target] of [
    ['1.dat.gz', '../moved'],
    ['3.dat.gz', 'store/3'],
    ['4.dat.gz', at('absolute')],
    ['5.dat.gz', '../moved'],
  ] as const)
    symlinkSync(target, at(`linked/${name}`));
  // By whatever name it goes.
  mkdirSync(at('names'));
  symlinkSync('../linked', at('names/latest'));
  const { path, place, reads } = await openDump(at('names/latest'));
  expect({ path, place }).toEqual({ path: at('names/latest'), place: at('linked') });
  expect(reads.toSorted()).toEqual(['absolute', 'linked', 'moved'].map(at));
});

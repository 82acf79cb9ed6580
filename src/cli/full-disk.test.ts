import { execa } from 'execa';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { home, sharedUrl, type Ended } from './test-program.ts';

/** Mounts a file system of 64 kB, which nobody else sees and which goes with the process, and leaves so much room. */
const SCRIPT = `mount -t tmpfs -o size=64k full full && head -c "$1" /dev/zero > full/fill || exit 99
shift; "$@"; code=$?; echo "left: $(cd full && find . -mindepth 1 | sort | tr '\\n' ' ')"; exit $code`;

/** Runs the program with a disk that is called `full` and has room for so many bytes. */
async function onFullDisk(argv: readonly string[], room: number): Promise<Ended> {
  await using at = await home();
  mkdirSync(join(at.directory, 'full'));
  writeFileSync(join(at.directory, 'fault.sql'), 'TRUNCATE audit_events;');
  const under = ['unshare', '--mount', 'sh', '-c', SCRIPT, 'sh', String(64 * 1024 - room)];
  const ended = await at.run([...argv, '--url', sharedUrl(), '--quiet'], {}, under);
  expect(await at.leftovers()).toEqual([]);
  return ended;
}

const { failed: cannotMount } = await execa('unshare', ['--mount', 'true'], { reject: false });

// It takes root, and Linux.
describe.skipIf(cannotMount).concurrent('a full disk is no verdict, in one line', () => {
  test('where a trial is kept: nothing half-written is left', async () => {
    const { exitCode, out, err } = await onFullDisk(['smoke', '--keep', 'full/kept'], 16 * 1024);
    expect(out[0]).toBe(
      'NO VERDICT  every check holds, but full/kept/pre.json cannot be written: the disk is full',
    );
    expect({ exitCode, err, left: out.at(-1) }).toEqual({ exitCode: 3, err: [], left: 'left: ./fill ' });
  });

  test('where a report goes: none of its files is there', async () => {
    const { exitCode, out, err } = await onFullDisk(['smoke', '--report', 'full/report'], 16 * 1024);
    expect(out[0]).toBe(
      'NO VERDICT  every check holds, but the report cannot be written to full/report: the disk is full',
    );
    expect({ exitCode, err, left: out.at(-1) }).toEqual({ exitCode: 3, err: [], left: 'left: ./fill ' });
  });

  test('where findings are written down: they are printed', async () => {
    const property = ['--property', 'the-fixed-cycle-is-faithful', '--no-corpus', '--cases', '1'];
    const places = ['--counterexamples', 'full/a/b', '--report', 'full/report'];
    const argv = ['fuzz', '--fault', 'fault.sql', '--lanes', '1', ...property, ...places];
    const { exitCode, out, err } = await onFullDisk(argv, 0);
    expect(out.slice(-6)).toEqual([
      expect.stringMatching(/^ +1 × the-fixed-cycle-is-faithful--lossy--/),
      expect.stringContaining('faithful was predicted, and the trial was lossy'),
      expect.stringMatching(/not written down: .*unshrunk\.json cannot be written: the disk is full$/),
      expect.stringMatching(/--case \d+ of this seed draws it again$/),
      'NO VERDICT  1 finding, 1 of which could not be written down, and the report cannot be written to full/report: the disk is full',
      'left: ./fill ',
    ]);
    expect({ exitCode, err }).toEqual({ exitCode: 3, err: [] });
  });
});

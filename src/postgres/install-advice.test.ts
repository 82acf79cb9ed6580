import { expect, test } from 'vitest';
import { adviceFor, installAdvice, timeZoneAdviceFor } from './install-advice.ts';

test.each([
  ['debian', {}, 'sudo apt-get update && sudo apt-get install -y postgresql'],
  ['linuxmint', { ID_LIKE: 'ubuntu debian' }, 'sudo apt-get update && sudo apt-get install -y postgresql'],
  ['fedora', {}, 'sudo dnf install -y postgresql-server postgresql-contrib'],
  ['rocky', { ID_LIKE: 'rhel centos fedora' }, 'sudo dnf install -y postgresql-server postgresql-contrib'],
  ['alpine', {}, 'sudo apk add postgresql postgresql-client postgresql-contrib'],
  ['arch', {}, 'sudo pacman -S --needed postgresql'],
  ['opensuse-leap', { ID_LIKE: 'suse opensuse' }, 'sudo zypper install postgresql-server postgresql-contrib'],
])('%s is told its own command', (ID, more, command) => {
  expect(adviceFor('linux', { ID, ...more }, false)).toBe(`install PostgreSQL: ${command}`);
});

test('root needs no sudo, macOS has Homebrew, an unknown system is told what it needs', () => {
  expect(adviceFor('linux', { ID: 'debian' }, true)).not.toContain('sudo');
  expect(adviceFor('darwin', {}, false)).toContain('brew install');
  expect(adviceFor('linux', {}, false)).toContain('package manager');
});

test('there is advice for this machine', async () => {
  expect(await installAdvice()).toMatch(/^install PostgreSQL/);
});

test('time zone data has a package of its own', () => {
  expect(timeZoneAdviceFor({ ID: 'raspbian', ID_LIKE: 'debian' }, true)).toBe(
    'install the package tzdata: apt-get update && apt-get install -y tzdata',
  );
  expect(timeZoneAdviceFor({ ID: 'opensuse-leap' }, false)).toContain('sudo zypper install timezone');
  expect(timeZoneAdviceFor({}, false)).toBe('install the package tzdata');
});

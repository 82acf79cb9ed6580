import { readOsRelease, type OsRelease } from './os-release.ts';

/** Server, client programs and pgcrypto, by the ID of os-release(5); derivatives are found through ID_LIKE. */
const COMMANDS: Readonly<Partial<Record<string, readonly string[]>>> = {
  debian: ['apt-get update', 'apt-get install -y postgresql'],
  ubuntu: ['apt-get update', 'apt-get install -y postgresql'],
  fedora: ['dnf install -y postgresql-server postgresql-contrib'],
  rhel: ['dnf install -y postgresql-server postgresql-contrib'],
  alpine: ['apk add postgresql postgresql-client postgresql-contrib'],
  arch: ['pacman -S --needed postgresql'],
  suse: ['zypper install postgresql-server postgresql-contrib'],
  opensuse: ['zypper install postgresql-server postgresql-contrib'],
};

const TIME_ZONE_COMMANDS: typeof COMMANDS = {
  debian: ['apt-get update', 'apt-get install -y tzdata'],
  ubuntu: ['apt-get update', 'apt-get install -y tzdata'],
  fedora: ['dnf install -y tzdata'],
  rhel: ['dnf install -y tzdata'],
  alpine: ['apk add tzdata'],
  arch: ['pacman -S --needed tzdata'],
  suse: ['zypper install timezone'],
  opensuse: ['zypper install timezone'],
};

/** The exact command that installs PostgreSQL on this machine, as the `next` of an error. */
export async function installAdvice(): Promise<string> {
  return adviceFor(process.platform, await readOsRelease(), process.getuid?.() === 0);
}

/** As `installAdvice`, for a platform, its os-release fields, and whether the user is root (no sudo then). */
export function adviceFor(platform: NodeJS.Platform, release: OsRelease, root: boolean): string {
  if (platform === 'darwin') return 'install PostgreSQL: brew install postgresql';
  const command = commandFor(COMMANDS, release, root);
  if (command === undefined)
    return "install PostgreSQL's server, client programs and pgcrypto with the system's package manager";
  return `install PostgreSQL: ${command}`;
}

/** The exact command that installs time zone data on this machine, as part of the `next` of an error. */
export async function timeZoneAdvice(): Promise<string> {
  return timeZoneAdviceFor(await readOsRelease(), process.getuid?.() === 0);
}

/** As `timeZoneAdvice`, for os-release fields, and whether the user is root. */
export function timeZoneAdviceFor(release: OsRelease, root: boolean): string {
  const command = commandFor(TIME_ZONE_COMMANDS, release, root);
  return command === undefined ? 'install the package tzdata' : `install the package tzdata: ${command}`;
}

function commandFor(commands: typeof COMMANDS, release: OsRelease, root: boolean): string | undefined {
  const ids = [release['ID'], ...(release['ID_LIKE'] ?? '').split(/\s+/)];
  // openSUSE's ID carries the flavour: opensuse-leap, opensuse-tumbleweed.
  const known = ids.map((id) => commands[id?.replace(/^opensuse-.*/, 'opensuse') ?? '']);
  const found = known.find((each) => each !== undefined);
  return found?.map((command) => (root ? command : `sudo ${command}`)).join(' && ');
}

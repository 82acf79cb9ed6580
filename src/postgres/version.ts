/** A PostgreSQL version: 15.18 is `{ major: 15, minor: 18 }`; pre-releases (19beta1) have minor 0. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  /** As the program or the server printed it, without the package's suffix: `15.18`, `19beta1`. */
  readonly text: string;
}

/**
 * Reads a version out of what `pg_dump --version`, `postgres --version` or `SHOW server_version` prints,
 * for example `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
 * Returns undefined where there is none.
 */
export function parseVersion(printed: string): Version | undefined {
  const found = /(?:^|\s)(\d{1,3})(?:\.(\d+)|((?:beta|rc|alpha|devel)\d*))/.exec(printed);
  if (!found) return undefined;
  const [, major, minor] = found;
  return { major: Number(major), minor: Number(minor ?? 0), text: found[0].trim() };
}

/** Negative where `a` is older than `b`, zero where they are the same, positive where it is newer. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor;
}

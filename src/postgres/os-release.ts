import { readFile } from 'node:fs/promises';

/** The fields of os-release(5), unquoted: `ID`, `ID_LIKE`, `VERSION_ID`, … */
export type OsRelease = Readonly<Partial<Record<string, string>>>;

/** Takes the text of an os-release file; lines that assign nothing are skipped. */
export function parseOsRelease(text: string): OsRelease {
  const fields = text.split('\n').flatMap((line) => {
    const [, name, value] = /^([A-Z_0-9]+)=(.*)$/.exec(line.trim()) ?? [];
    return name === undefined || value === undefined ? [] : [[name, unquoted(value)] as const];
  });
  return Object.fromEntries(fields);
}

/** This machine's os-release, from the two places os-release(5) names; empty where there is none. */
export async function readOsRelease(): Promise<OsRelease> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return parseOsRelease(text);
  }
  return {};
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}

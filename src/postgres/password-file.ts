import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a line of the password file is matched against. */
export interface PasswordQuery {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password that libpq would read from `PGPASSFILE` or `~/.pgpass`, undefined where there is none
 * (manual, libpq, "The Password File"). A file that others can read is ignored, as libpq ignores it.
 *
 * It is looked up once, for the database of the settings, so that the databases a run creates are entered with
 * the same password, whatever database the file names.
 */
export function passwordFromFile(query: PasswordQuery, environment: NodeJS.ProcessEnv): string | undefined {
  const file = environment['PGPASSFILE'] || defaultFile(environment);
  if (file === undefined) return undefined;
  const host = query.host.startsWith('/') ? [query.host, 'localhost'] : [query.host];
  const wanted = [host, [String(query.port)], [query.database], [query.user]];
  for (const line of readPrivateFile(file).split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = splitFields(line);
    if (fields.length < 5) continue;
    const matches = wanted.every((values, index) => {
      const field = fields[index];
      return field !== undefined && (field === '*' || values.includes(field));
    });
    if (matches) return fields[4];
  }
  return undefined;
}

function defaultFile(environment: NodeJS.ProcessEnv): string | undefined {
  const home = environment['HOME'];
  return home === undefined || home === '' ? undefined : join(home, '.pgpass');
}

function readPrivateFile(file: string): string {
  try {
    const status = statSync(file);
    const readByOthers = process.platform !== 'win32' && (status.mode & 0o077) !== 0;
    return status.isFile() && !readByOthers ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}

/** `\:` and `\\` stand for themselves inside a field. */
function splitFields(line: string): string[] {
  const fields = [''];
  for (const [piece] of line.matchAll(/\\.|:|[^\\:]+|\\$/g)) {
    if (piece === ':') fields.push('');
    else fields.push((fields.pop() ?? '') + (/^\\./.test(piece) ? piece.slice(1) : piece));
  }
  return fields;
}

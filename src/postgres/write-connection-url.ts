import { HANDED_ON_VARIABLES } from './connection-parameters.ts';
import type { ConnectionSettings } from './connection.ts';

/** The URL of a database, without the password, for a command line is read by everyone on the machine. */
export function urlOf({ user, host, port, database }: ConnectionSettings): string {
  const [name, place, path] = [user, host, database].map(encodeURIComponent);
  return `postgres://${name}@${host.includes(':') ? `[${host}]` : place}:${port}/${path}`;
}

/** The same with what libpq is told besides, where no variables of its own can say it for one of several servers. */
export function wholeUrlOf(settings: ConnectionSettings): string {
  const pairs = Object.entries(HANDED_ON_VARIABLES).flatMap(([keyword, variable]) => {
    const value = settings.libpq?.[variable];
    return value === undefined ? [] : [`${keyword}=${encodeURIComponent(value)}`];
  });
  return `${urlOf(settings)}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

/** A line of the password file for every database of a server (manual, libpq, "The Password File"). */
export function passwordLine({ port, user }: ConnectionSettings, password: string): string {
  // A colon and a backslash inside a field have a backslash before them.
  const [name, secret] = [user, password].map((field) => field.replaceAll(/[\\:]/g, String.raw`\$&`));
  return `*:${port}:*:${name}:${secret}\n`;
}

import { libpqEnvironment, type ConnectionSettings } from './connection.ts';

/**
 * How a tool speaks unless a plan says otherwise. A plan may give LC_ALL, and what a tool says is matched: gettext looks
 * at LANGUAGE before it looks at the locale, unless that is C.
 */
export const TOOL_LOCALE = { LC_ALL: 'C', LANGUAGE: 'en' } as const;

/**
 * The environment that makes a client tool enter a database with variables of a plan besides. Both may have PGOPTIONS
 * for the server: the connection's come first, and of two values for one setting the later one counts.
 */
export function toolEnvironment(
  settings: ConnectionSettings,
  plan: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const connection = libpqEnvironment(settings);
  const options = [connection['PGOPTIONS'], plan['PGOPTIONS']].filter((given) => given !== undefined);
  return { ...connection, ...plan, ...(options.length === 0 ? {} : { PGOPTIONS: options.join(' ') }) };
}

import { libpqEnvironment, type ConnectionSettings } from './connection.ts';

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

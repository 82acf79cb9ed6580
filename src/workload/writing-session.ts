import type { Workload } from '../case/case.ts';
import type { Connection } from '../postgres/connection.ts';

/**
 * Sets the settings of the writing session; what comes back undoes it.
 * @throws the server's error for a setting or a value that it does not know
 */
export async function enterSession(
  connection: Connection,
  settings: Workload['session'] = {},
): Promise<() => Promise<void>> {
  const names = Object.keys(settings);
  if (names.length === 0) return async () => undefined;
  const before = await connection.query<{ value: string }>(
    'SELECT current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY AS t (name, position) ORDER BY position',
    [names],
  );
  const set = async (values: readonly string[]): Promise<void> => {
    await connection.query(
      'SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS t (name, value)',
      [names, values],
    );
  };
  await set(Object.values(settings));
  return () => set(before.rows.map(({ value }) => value));
}

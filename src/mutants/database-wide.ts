/** A setting of the current database, or of a role in it, whatever the database is called; after other statements. */
export function inThisDatabase(
  setting: string,
  before = '',
  of: 'DATABASE' | 'ROLE CURRENT_USER IN DATABASE' = 'DATABASE',
): string {
  return `${before === '' ? '' : `${before}; `}DO $do$ BEGIN EXECUTE format('ALTER ${of} %I ${setting}', current_database()); END $do$`;
}

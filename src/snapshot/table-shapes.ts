import type { Connection } from '../postgres/connection.ts';
import type { TableColumn } from './snapshot.ts';

/** What has to be known of a table to read its rows the same way in any database. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly primaryKey: readonly string[];
}

/**
 * Every table that holds rows of its own: ordinary tables and partitions, of user schemas, not of extensions.
 *
 * Binary output is the same everywhere for built-in types, but composites and arrays carry type OIDs, which
 * differ between databases (src/backend/utils/adt/rowtypes.c, arrayfuncs.c), and so do types that store an
 * OID (regclass, …): those are read as text, as are types without a binary form.
 */
export async function readTableShapes(connection: Connection): Promise<TableShape[]> {
  const { rows } = await connection.query<{ name: string; columns: TableColumn[]; key: string[] | null }>(
    SHAPES,
  );
  return rows
    .map(({ name, columns, key }) => ({ name, columns, primaryKey: key ?? [] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const SHAPES = `
SELECT format('%I.%I', n.nspname, c.relname) AS name,
  (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', t.typname, 'as_text',
      t.oid >= 16384 OR t.typsend = 0 OR t.typtype IN ('c', 'p') OR t.typname LIKE 'reg%'
      OR (t.typelem >= 16384) OR (t.typelem <> 0 AND t.typcategory = 'A' AND e.typname LIKE 'reg%'))
      ORDER BY a.attnum), '[]')
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  (SELECT json_agg(a.attname ORDER BY k.position)
     FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, position), pg_attribute a
    WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.attnum
      AND k.position <= i.indnkeyatts) AS key
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't'
  AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

import { formatLiteral, POSTGRES_EPOCH } from './timestamp.ts';

const TEXT = new Set(['text', 'varchar', 'bpchar', 'name', 'json', 'xml', 'citext']);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * A value for people, from COPY's binary form and the type's name in pg_type.
 * Text is quoted as JSON quotes it, so that blanks and control characters show; unknown types are hexadecimal.
 */
export function describeCell(cell: Buffer | null | undefined, type: string): string {
  if (cell === undefined) return 'nothing';
  if (cell === null) return 'NULL';
  if (TEXT.has(type)) return JSON.stringify(cell.toString('utf8'));
  if (type === 'jsonb') return cell.subarray(1).toString('utf8');
  if (type === 'bool') return cell[0] === 1 ? 'true' : 'false';
  if (type === 'int2' && cell.length === 2) return String(cell.readInt16BE());
  if (type === 'int4' && cell.length === 4) return String(cell.readInt32BE());
  if (cell.length === 8 && type === 'int8') return String(cell.readBigInt64BE());
  if (cell.length === 8 && type === 'timestamptz') return describeTimestamp(cell.readBigInt64BE());
  return `\\x${cell.toString('hex')}`;
}

function describeTimestamp(sincePostgresEpoch: bigint): string {
  if (sincePostgresEpoch === MAX_INT64) return 'infinity';
  if (sincePostgresEpoch === -MAX_INT64 - 1n) return '-infinity';
  return formatLiteral(sincePostgresEpoch + POSTGRES_EPOCH);
}

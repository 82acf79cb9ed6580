import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  BinaryDecoder,
  COPY_HEADER,
  encodeRow,
  type BinaryRow,
  type RowBatch,
} from '../postgres/copy-binary.ts';
import { readTrail, RowTrailWriter, type RowTrail, type TrailRow } from './row-trail.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'row-trail-'));
});

afterAll(() => rmSync(directory, { recursive: true }));

function batchOf(row: BinaryRow): RowBatch {
  return new BinaryDecoder().push(Buffer.concat([COPY_HEADER, encodeRow(row)]));
}

async function trailOf(rows: number, width = 1) {
  await using writer = new RowTrailWriter(join(directory, `${rows}.rows`));
  for (let row = 0; row < rows; row++) {
    writer.add(`row ${row}`, batchOf([Buffer.from(String(row).repeat(width)), null]), 0);
    if (row % 100 === 0) await writer.settle();
  }
  return await writer.finish();
}

async function rowsOf(trail: RowTrail, from: number, to: number): Promise<TrailRow[]> {
  const rows: TrailRow[] = [];
  for await (const row of readTrail(trail, from, to)) rows.push(row);
  return rows;
}

test('a few rows are held in memory, byte for byte as described', async () => {
  await using writer = new RowTrailWriter('/nowhere');
  // CRC-32 of "123456789" is its check value, cbf43926.
  writer.add('é', batchOf([Buffer.from('123456789'), null, Buffer.alloc(0)]), 0);
  const { held, bytes } = await writer.finish();
  expect(held.toString('hex')).toBe('00020003' + 'c3a9' + 'cbf43926' + '6e756c6c' + '00000000');
  expect(bytes).toBe(18);
});

test('many rows go to the file, and come back in order, from any row on', async () => {
  const trail = await trailOf(50_000);
  expect(trail.held).toBe(join(directory, '50000.rows'));
  const keys = (await rowsOf(trail, 0, trail.bytes)).map(({ key }) => key);
  expect(keys).toEqual(Array.from({ length: 50_000 }, (_, row) => `row ${row}`));
  // `row 0` to `row 9` are ten rows of 4 + 5 + 8 bytes.
  const [eleventh] = await rowsOf(trail, 170, 188);
  expect(eleventh?.key).toBe('row 10');
});

test('the same rows have the same digest, held in memory or not', async () => {
  expect((await trailOf(5)).digest).toBe((await trailOf(5)).digest);
  expect((await trailOf(5)).digest).not.toBe((await trailOf(6)).digest);
  expect(readdirSync(directory)).not.toContain('5.rows');
});

test('a trail cut off in the middle of a row is an error', async () => {
  const trail = await trailOf(3);
  await expect(rowsOf(trail, 0, 20)).rejects.toThrow('middle of a row');
});

import { crc32 } from 'node:zlib';

/** CRC-32 of a single byte, for every byte (polynomial 0xedb88320, reflected). */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Up to so many bytes a loop is quicker than a view of them and a call. */
const SHORT = 96;

/** CRC-32 of the bytes between two positions, as `zlib.crc32` gives it. */
export function fingerprint(bytes: Buffer, start: number, end: number): number {
  if (end - start > SHORT) return crc32(bytes.subarray(start, end));
  let value = 0xffffffff;
  for (let at = start; at < end; at++) {
    value = (value >>> 8) ^ (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

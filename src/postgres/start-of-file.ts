import { open } from 'node:fs/promises';

/** As much of a text as `most` bytes hold: a tool that floods its output must not flood our memory. */
export async function startOfFile(file: string, most: number): Promise<string> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(Math.min(size, most));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

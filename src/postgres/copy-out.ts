import type { Connection as Wire, Submittable } from 'pg';
import type { Connection } from './connection.ts';

/** Message types of the protocol (manual, Frontend/Backend Protocol, Message Formats). */
const [COPY_DATA, COPY_DONE, ERROR_RESPONSE] = [0x64, 0x63, 0x45];
const MESSAGE_HEADER = 5;
/** Chunks that may wait to be taken before the socket is paused. */
const MOST_WAITING = 4;

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * What `COPY … TO STDOUT` sends, in chunks as they come off the network, without the frames of the protocol.
 *
 * The server frames every row, and to take each frame off as a message of its own costs as much as to hash the row. So
 * the socket is read here as long as the COPY goes on, a chunk at a time, and given back to the driver with what comes
 * after it.
 *
 * @throws the server's error, also in the middle of the stream
 */
export async function* copyOut(connection: Connection, sql: string): AsyncGenerator<Buffer> {
  const query = connection.query(new CopyOutQuery(sql));
  try {
    for (let chunk = await query.next(); chunk; chunk = await query.next()) yield chunk;
  } finally {
    // Whoever leaves early leaves a connection that goes on with the next query.
    while (await query.next().catch(() => undefined));
  }
}

/** A query of the driver's that reads the socket by itself while rows come. */
class CopyOutQuery implements Submittable {
  private readonly text: string;
  private readonly waiting: Buffer[] = [];
  private rest = NOTHING;
  private wire: Wire | undefined;
  private driverReads: ((chunk: Buffer) => void) | undefined;
  private readonly read = (chunk: Buffer): void => this.take(chunk);
  private ended = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The next chunk; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    while (this.waiting.length === 0 && !this.ended) {
      this.wire?.stream.resume();
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const chunk = this.waiting.shift();
    if (!chunk && this.failure) throw this.failure;
    return chunk;
  }

  submit(wire: Wire): void {
    this.wire = wire;
    const { stream } = wire;
    const [driverReads] = stream.listeners('data') as ((chunk: Buffer) => void)[];
    if (!driverReads) throw new Error('the driver does not read its socket');
    this.driverReads = driverReads;
    stream.off('data', driverReads);
    stream.on('data', this.read);
    wire.query(this.text);
  }

  handleError(error: Error): void {
    this.giveBack(NOTHING);
    this.failure = error;
    this.end();
  }

  handleReadyForQuery(): void {
    this.end();
  }

  handleCommandComplete(): void {
    // The end of the rows is CopyDone; that the driver is ready again is told by ReadyForQuery.
  }

  /** Takes what the socket has read: payloads are moved together in place, which saves a copy of all. */
  private take(read: Buffer): void {
    const chunk = this.rest.length === 0 ? read : Buffer.concat([this.rest, read]);
    let [at, filled] = [0, 0];
    while (at + MESSAGE_HEADER <= chunk.length) {
      const type = chunk[at];
      if (type === ERROR_RESPONSE) return this.finish(chunk, filled, at);
      const end = at + 1 + chunk.readUInt32BE(at + 1);
      if (end > chunk.length) break;
      if (type === COPY_DATA) {
        chunk.copyWithin(filled, at + MESSAGE_HEADER, end);
        filled += end - at - MESSAGE_HEADER;
      }
      at = end;
      if (type === COPY_DONE) return this.finish(chunk, filled, at);
    }
    this.rest = chunk.subarray(at);
    this.give(chunk.subarray(0, filled));
  }

  private give(payload: Buffer): void {
    if (payload.length === 0) return;
    this.waiting.push(payload);
    if (this.waiting.length >= MOST_WAITING) this.wire?.stream.pause();
    this.wakeUp();
  }

  /** The rest is for the driver: the end of the COPY, or the error. */
  private finish(chunk: Buffer, filled: number, at: number): void {
    this.give(chunk.subarray(0, filled));
    this.giveBack(chunk.subarray(at));
  }

  private giveBack(rest: Buffer): void {
    const { driverReads, wire } = this;
    if (!driverReads || !wire) return;
    this.driverReads = undefined;
    this.rest = NOTHING;
    wire.stream.off('data', this.read);
    wire.stream.on('data', driverReads);
    if (rest.length > 0) driverReads(rest);
    wire.stream.resume();
  }

  private end(): void {
    this.ended = true;
    this.wakeUp();
  }

  private wakeUp(): void {
    this.wake?.();
    this.wake = undefined;
  }
}

import type { Case, DumpPlan } from '../case/case.ts';
import { valuesOf } from './plan-words.ts';

/**
 * The encodings that are not UTF-8 and convert, with the name of their table in the Encoding Standard. Against the maps
 * of PostgreSQL 15 (src/backend/utils/mb/Unicode) those tables differ in the C1 controls, which only LATIN1 and
 * LATIN9 have, and in ideographs of vendors (EUC_JP 94, SJIS 1,880 private ones).
 */
const TABLES: Readonly<Record<string, string>> = {
  LATIN1: 'latin1',
  LATIN9: 'iso-8859-15',
  WIN1252: 'windows-1252',
  KOI8R: 'koi8-r',
  EUC_JP: 'euc-jp',
  SJIS: 'shift_jis',
};

/** Characters that convert to bytes which convert back to others: seen by converting all of Unicode on PostgreSQL 15.18. */
const ONE_WAY: Readonly<Record<string, string>> = {
  SJIS: '¢£¥¬‖‾−〜',
  EUC_JP: '¦',
};

/** Whether text in an encoding is stored and sent without conversion from or to UTF-8 changing its bytes. */
export function holdsUtf8Bytes(encoding: string): boolean {
  return encoding === 'UTF8' || encoding === 'SQL_ASCII';
}

/** Pairs that convert into each other without UTF-8 at one side (manual, 24.3.4), of those that are drawn. */
const DIRECT = ['EUC_JP SJIS', 'SJIS EUC_JP', 'WIN1251 KOI8R', 'KOI8R WIN1251'];

/** Whether a client and a server of these encodings can talk: the server has a conversion, or none is needed. */
export function canConvert(client: string, server: string): boolean {
  return (
    client === server ||
    holdsUtf8Bytes(client) ||
    holdsUtf8Bytes(server) ||
    DIRECT.includes(`${client} ${server}`)
  );
}

/** The bytes of a character; undefined where the encoding has no equivalent. */
function bytesOf(encoding: string, character: string): readonly number[] | undefined {
  if (holdsUtf8Bytes(encoding) || encoding === 'GB18030') return [...Buffer.from(character)];
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 || (encoding === 'LATIN1' && code < 0x100)) return [code];
  if (code < 0xa0) return encoding === 'LATIN9' ? [code] : undefined;
  if (encoding === 'LATIN1') return undefined;
  return tableOf(encoding).get(character);
}

/** How many bytes a text has; characters without equivalent count as one. */
export function byteLength(encoding: string, text: string): number {
  if (holdsUtf8Bytes(encoding)) return Buffer.byteLength(text);
  const lengthOf =
    encoding === 'GB18030' ? lengthInGb18030 : (each: string) => bytesOf(encoding, each)?.length ?? 1;
  return [...text].reduce((sum, character) => sum + lengthOf(character), 0);
}

/** One byte for ASCII, two for what GBK has, four for the rest of Unicode. */
function lengthInGb18030(character: string): number {
  if (character <= '\u007f') return 1;
  gbk ??= buildGbk();
  return gbk.has(character) ? 2 : 4;
}

let gbk: ReadonlySet<string> | undefined;

function buildGbk(): ReadonlySet<string> {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const found = new Set<string>();
  for (let lead = 0x81; lead < 0xff; lead++) {
    for (let second = 0x40; second < 0xff; second++) {
      const text = decoded(decoder, [lead, second]);
      if (text !== undefined && [...text].length === 1) found.add(text);
    }
  }
  return found;
}

/** Whether the character comes back as another one. */
export function isOneWay(encoding: string, character: string): boolean {
  return (ONE_WAY[encoding] ?? '').includes(character);
}

/** Whether every character has an equivalent. */
export function hasAll(encoding: string, characters: readonly string[]): boolean {
  return characters.every(
    (character) => isOneWay(encoding, character) || bytesOf(encoding, character) !== undefined,
  );
}

const built = new Map<string, ReadonlyMap<string, readonly number[]>>();

function tableOf(encoding: string): ReadonlyMap<string, readonly number[]> {
  const table = built.get(encoding) ?? buildTable(TABLES[encoding]);
  built.set(encoding, table);
  return table;
}

/** The decoder's table, read backwards: each lead byte alone, with one and with two more. */
function buildTable(label: string | undefined): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, readonly number[]>();
  if (label === undefined) return table;
  const decoder = new TextDecoder(label, { fatal: true });
  const enter = (bytes: readonly number[]): void => {
    const text = decoded(decoder, bytes);
    if (text !== undefined && [...text].length === 1 && !table.has(text)) table.set(text, bytes);
  };
  const trail = Array.from({ length: 192 }, (_, index) => index + 64);
  for (let lead = 0x80; lead < 0x100; lead++) {
    enter([lead]);
    if (!/jp|jis/.test(label)) continue;
    for (const second of trail) enter([lead, second]);
    if (lead === 0x8f) for (const second of trail) for (const third of trail) enter([lead, second, third]);
  }
  return table;
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: readonly number[]): string | undefined {
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** The encoding that a dump is written in: the last option, or else the environment, or else the source's. */
export function dumpEncoding(dump: DumpPlan): string {
  const options = (dump.options ?? []).flatMap((word) => (word.startsWith('-E') ? [word.slice(2)] : []));
  const asked =
    options.at(-1) ?? valuesOf(dump, '--encoding').at(-1) ?? dump.environment?.['PGCLIENTENCODING'];
  return asked === undefined || /^(?:utf-?8|unicode)$/i.test(asked) ? 'UTF8' : asked;
}

/** The encoding of the database that is restored into. */
export function targetEncoding({ target }: Case): string {
  return (target.kind === 'fresh' ? target.encoding : undefined) ?? 'UTF8';
}

/** Whether jsonb, which sorts keys by their length in bytes and then by these (jsonb_util.c), sorts these in another order. */
export function sortsKeysOtherwise(encoding: string, keys: readonly string[]): boolean {
  const inUtf8 = keys.toSorted((a, b) => compareKeys(keyBytes('UTF8', a), keyBytes('UTF8', b)));
  const inOther = keys.toSorted((a, b) => compareKeys(keyBytes(encoding, a), keyBytes(encoding, b)));
  return inUtf8.some((key, index) => key !== inOther[index]);
}

function keyBytes(encoding: string, key: string): Buffer {
  return Buffer.from([...key].flatMap((character) => bytesOf(encoding, character) ?? []));
}

function compareKeys(a: Buffer, b: Buffer): number {
  return a.length - b.length || Buffer.compare(a, b);
}

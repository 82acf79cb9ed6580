import type { Case } from '../case/case.ts';
import type { CaseFacts } from '../case/case-facts.ts';
import type { BoundedText } from '../case/subject-traits.ts';
import type { World } from '../case/world.ts';
import {
  byteLength,
  canConvert,
  dumpEncoding,
  hasAll,
  holdsUtf8Bytes,
  isOneWay,
  sortsKeysOtherwise,
  targetEncoding,
} from './encodings.ts';
import { refusedHazard, silentHazard, type Hazard } from './hazard.ts';
import { dumpsEvents, dumpsOthers, restoresEvents, restoresOthers } from './plan-words.ts';

/** The characters beyond ASCII of all rows that the dump reads. */
function dumped(trial: Case, { characters }: CaseFacts, { subject }: World): readonly string[] {
  const others = dumpsOthers(trial) ? (subject.installed?.characters ?? []) : [];
  return dumpsEvents(trial, subject) ? [...characters, ...others] : others;
}

/** The characters beyond ASCII of all rows that are restored. */
function restored(trial: Case, { characters }: CaseFacts, { subject }: World): readonly string[] {
  const others = restoresOthers(trial) ? (subject.installed?.characters ?? []) : [];
  return restoresEvents(trial, subject) ? [...characters, ...others] : others;
}

/** Whether restored text comes in some encoding that the target converts to its own. */
function converts(trial: Case, characters: readonly string[]): boolean {
  const [from, into] = [dumpEncoding(trial.dump), targetEncoding(trial)];
  return characters.length > 0 && from !== 'SQL_ASCII' && !holdsUtf8Bytes(into);
}

/** The events' texts alone: what is hashed. */
function convertsEvents(trial: Case, { characters }: CaseFacts, { subject }: World): boolean {
  return restoresEvents(trial, subject) && converts(trial, characters);
}

/** Whether the target takes the bytes of UTF-8 for text of its own, unconverted. */
function takesUtf8Bytes(trial: Case, characters: readonly string[]): boolean {
  const [from, into] = [dumpEncoding(trial.dump), targetEncoding(trial)];
  return characters.length > 0 && into !== 'UTF8' && into !== 'SQL_ASCII' && from === 'SQL_ASCII';
}

/** Restored texts that may be too long where bytes are counted. */
function bounded(trial: Case, facts: CaseFacts, { subject }: World): readonly BoundedText[] {
  const others = restoresOthers(trial) ? (subject.installed?.bounded ?? []) : [];
  return restoresEvents(trial, subject) ? [...facts.bounded, ...others] : others;
}

/** Whether jsonb sorts the keys of some restored object otherwise in the target. */
function sortsOtherwise(trial: Case, facts: CaseFacts, { subject }: World): boolean {
  const others = restoresOthers(trial) ? (subject.installed?.keys ?? []) : [];
  const keys = restoresEvents(trial, subject) ? [...facts.keys, ...others] : others;
  return keys.some((each) => sortsKeysOtherwise(targetEncoding(trial), each));
}

/** Whether the target takes each byte of a text for a character. */
function countsBytes(trial: Case): boolean {
  const [from, into] = [dumpEncoding(trial.dump), targetEncoding(trial)];
  return into === 'SQL_ASCII' || (into !== 'UTF8' && from === 'SQL_ASCII');
}

const cannotConvert = (trial: Case): boolean => !canConvert(dumpEncoding(trial.dump), targetEncoding(trial));

export const ENCODING_HAZARDS: readonly Hazard[] = [
  refusedHazard('dump', {
    id: 'dump-encoding-without-equivalent',
    title: 'The dump is asked for in an encoding that lacks a character',
    says: ({ dump }) =>
      RegExp(
        `has no equivalent in encoding "${dumpEncoding(dump)}"|Dumping the contents of table "\\w+" failed`,
      ),
    applies: (trial, facts, world) => !hasAll(dumpEncoding(trial.dump), dumped(trial, facts, world)),
    what: 'The server converts each value for pg_dump and stops at a character without equivalent (SQLSTATE 22P05). PGCLIENTENCODING in the environment of pg_dump is the same as `--encoding`.',
    advice:
      'Leave `--encoding` and PGCLIENTENCODING out: a dump in the encoding of its database converts nothing.',
  }),
  refusedHazard('pre-data', {
    id: 'no-conversion-between-encodings',
    title: 'The server has no conversion from the dump’s encoding to the target’s',
    says: /invalid value for parameter "client_encoding"|conversion between \S+ and \S+ is not supported/,
    applies: cannotConvert,
    costsNothing: (trial, facts, world) => restored(trial, facts, world).length === 0,
    what: 'A dump sets client_encoding to its own encoding, and PostgreSQL converts most encodings to and from UTF8 only: LATIN9 to EUC_JP is refused (SQLSTATE 22023) whatever the text.',
    advice: 'Dump without `--encoding`: from UTF8 there is a conversion to each.',
  }),
  refusedHazard('data', {
    id: 'target-encoding-without-equivalent',
    title: 'The target database has an encoding that lacks a character',
    says: (trial) => RegExp(`has no equivalent in encoding "${targetEncoding(trial)}"`),
    applies: (trial, facts, world) => {
      const characters = restored(trial, facts, world);
      return converts(trial, characters) && !hasAll(targetEncoding(trial), characters);
    },
    what: 'The server converts each value to its own encoding and stops at a character without equivalent (SQLSTATE 22P05).',
    advice: 'Create the target with the encoding of the source.',
  }),
  refusedHazard('data', {
    id: 'bytes-counted-as-characters',
    title: 'A varchar that is long enough in UTF8 is too short where bytes count as characters',
    says: ({ dump }) =>
      RegExp(
        `value too long for type character varying|invalid byte sequence for encoding "${dumpEncoding(dump)}"`,
      ),
    applies: (trial, facts, world) =>
      countsBytes(trial) &&
      bounded(trial, facts, world).some(
        ({ text, limit }) => byteLength(dumpEncoding(trial.dump), text) > limit,
      ),
    what: 'varchar(255) holds 255 characters. In a SQL_ASCII database, and where a SQL_ASCII dump goes into a database of a one-byte encoding, each byte counts as one (SQLSTATE 22001). The server may clip the value in its message in the middle of a character, and then reports "invalid byte sequence" instead.',
    advice: 'Create the target with the encoding of the source.',
  }),
  silentHazard({
    id: 'dump-encoding-one-way',
    title: 'The dump is asked for in an encoding that does not give every character back',
    applies: (trial, facts, world) =>
      restored(trial, facts, world).some((character) => isOneWay(dumpEncoding(trial.dump), character)),
    verdict: 'lossy',
    seenBy: ['row-bytes', 'chain-recomputed', 'verify-clean'],
    spares: ['row-count', 'schema', 'worm-enforced'],
    what: 'PostgreSQL converts ¥ to SJIS as the byte of the backslash, and ‾ as that of the tilde; six more of SJIS and ¦ of EUC_JP come back as their full-width or another form (src/backend/utils/mb/Unicode). Both tools exit 0 and the text is another one.',
    advice:
      'Leave `--encoding` and PGCLIENTENCODING out: a dump in the encoding of its database converts nothing.',
  }),
  silentHazard({
    id: 'foreign-bytes-in-sql-ascii',
    title: 'A dump in another encoding restored into a SQL_ASCII database',
    applies: (trial, facts, world) =>
      restored(trial, facts, world).length > 0 &&
      targetEncoding(trial) === 'SQL_ASCII' &&
      !holdsUtf8Bytes(dumpEncoding(trial.dump)),
    verdict: 'lossy',
    seenBy: ['row-bytes', 'verify-clean', 'chain-recomputed'],
    spares: ['row-count', 'schema', 'worm-enforced'],
    what: 'A SQL_ASCII database converts nothing: it keeps the bytes of the dump’s encoding, which are others than those that were hashed.',
    advice: 'Dump without `--encoding`, and create the target with the encoding of the source.',
  }),
  silentHazard({
    id: 'sql-ascii-dump-reinterpreted',
    title: 'A dump with --encoding=SQL_ASCII restored into a database of a one-byte encoding',
    applies: (trial, facts, world) => takesUtf8Bytes(trial, restored(trial, facts, world)),
    verdict: 'lossy',
    seenBy: ['row-bytes'],
    spares: ({ hashes }) => [
      ...(['row-count', 'chain-head', 'schema', 'worm-enforced'] as const),
      ...(hashes === 'utf8' ? [] : (['verify-clean', 'verify-walked'] as const)),
    ],
    what: 'SQL_ASCII turns conversion off on both sides, so that the bytes of UTF-8 become text of the target’s encoding: `é` is `Ã©` from then on. Where hashes cover the bytes as they are stored, the chain verifies, its head is equal and the rows are as many: none of the four usual checks sees it. A verifier that hashes UTF-8 does. Bytes that are no character there, such as 0x81 and 0x9D in WIN1252, are stored all the same: whoever reads that row as UTF-8 gets an error (SQLSTATE 22P05), and so does `row-bytes`.',
    advice: 'Never dump with `--encoding=SQL_ASCII`; compare the text of the rows, not only the chain.',
  }),
  silentHazard({
    id: 'json-keys-in-another-order',
    title: 'jsonb sorts keys by their length in the encoding of the database',
    applies: (trial, facts, world) =>
      converts(trial, restored(trial, facts, world)) && sortsOtherwise(trial, facts, world),
    verdict: 'lossy',
    seenBy: ['row-bytes'],
    spares: ['row-count', 'schema', 'worm-enforced'],
    what: 'jsonb keeps keys by length in bytes, then by bytes (src/backend/utils/adt/jsonb_util.c). A key beyond ASCII has another length in another encoding, so that the text of the value, which was hashed, is in another order.',
    advice: 'Create the target with the encoding of the source.',
  }),
  silentHazard({
    id: 'hash-over-server-encoding',
    title: 'digest(text) hashes the bytes of the server’s encoding',
    applies: (trial, facts, world) =>
      world.subject.hashes === 'server-encoding' && convertsEvents(trial, facts, world),
    verdict: 'drifted',
    seenBy: ['verify-clean', 'chain-recomputed'],
    spares: ['row-count', 'chain-head', 'row-bytes', 'schema', 'worm-enforced'],
    what: 'Every character arrives, but pgcrypto’s digest() hashes text as it is stored: beyond ASCII these are other bytes, and the verifier breaks at the first such row although nothing was lost.',
    advice:
      "Create the target with the encoding of the source; in a new schema, hash convert_to(payload, 'UTF8').",
  }),
];

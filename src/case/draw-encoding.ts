import fc from 'fast-check';
import { chance, oneOf } from './chance.ts';
import { dumping, dumpingUnder, inTurn, into, type Change } from './change-case.ts';

/** A dump in one of the encodings, asked for by the option or by the environment, which mean the same (manual, pg_dump, --encoding). */
export function drawDumpEncoding(encodings: readonly string[]): fc.Arbitrary<Change> {
  return fc.tuple(oneOf(encodings), chance(30)).map(([encoding, byEnvironment]) => {
    const asked = byEnvironment
      ? dumpingUnder('PGCLIENTENCODING', encoding)
      : dumping({}, [`--encoding=${encoding}`]);
    return inTurn(withoutEncoding, asked);
  });
}

const withoutEncoding: Change = (trial) => {
  const { options, ...dump } = trial.dump;
  const others = options?.filter((word) => !/^(?:--encoding=|-E)/.test(word)) ?? [];
  return { ...trial, dump: { ...dump, ...(others.length === 0 ? {} : { options: others }) } };
};

/** A fresh target in one of the encodings; the locale C fits them all. */
export function drawEncodedTarget(encodings: readonly string[]): fc.Arbitrary<Change> {
  return oneOf(encodings).map((encoding) => into({ encoding, provider: 'libc', locale: 'C' }));
}

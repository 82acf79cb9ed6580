import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { carryOver } from '../case/carry-over.ts';
import { readCaseFile, type CaseSubject } from '../case/case-file.ts';
import type { SubjectTraits } from '../case/subject-traits.ts';
import { withinSubject } from '../case/within-subject.ts';
import { smokeCase } from '../case/smoke-case.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { hardened } from '../subject/hardened.ts';
import type { Subject } from '../subject/subject.ts';
import { packageRoot } from '../package-root.ts';
import type { CorpusEntry } from './fuzz-plan.ts';
import type { Property } from './property.ts';

/** By which property a corpus case is judged that names none. */
const CORPUS_PROPERTY = 'nothing-is-lost-silently';
const FIXED_CYCLE = 'the fixed cycle';
const CORPUS_DIRECTORY = join(packageRoot, 'properties', 'corpus');

/**
 * The fixed cycle and every case of the corpus, in the order of their names.
 * @param all properties, one of which a case may name
 * @param to the subject of the run, for which each case is a case as well
 * @throws UsageError for a file that is no case
 */
export async function readCorpus(all: readonly Property[], to: Subject): Promise<CorpusEntry[]> {
  const files = (await readdir(CORPUS_DIRECTORY)).filter((file) => file.endsWith('.json')).sort();
  const read = await Promise.all(
    files.map(async (file) => {
      const { trial, found, subject } = await readCaseFile(join(CORPUS_DIRECTORY, file));
      const carried = carryOver(trial, builtIn(subject).traits, to.traits);
      return { file, trial: carried, property: propertyNamed(all, found?.property) };
    }),
  );
  const cycle = { file: FIXED_CYCLE, trial: smokeCase(), property: propertyNamed(all, undefined) };
  return [cycle, ...read];
}

/** The cases whose outcome can be predicted for a subject; how many others there are is told. */
export function fittingCases(
  corpus: readonly CorpusEntry[],
  traits: SubjectTraits,
  note: (line: string) => void,
): readonly CorpusEntry[] {
  // Beside the fixed cycle, the corpus is of hazards.
  const known = traits.intake !== undefined;
  const fitting = corpus.filter(
    ({ file, trial }) => (known || file === FIXED_CYCLE) && withinSubject(trial, traits) === trial,
  );
  const beyond = corpus.length - fitting.length;
  if (beyond > 0) note(`${beyond} cases of the corpus are left out: what they show cannot be predicted here`);
  return fitting;
}

function builtIn(subject: CaseSubject | undefined): Subject {
  return subject === 'hardened' ? hardened : auditChain;
}

/** The property of that name, or the one that judges any case. */
export function propertyNamed(all: readonly Property[], name: string | undefined): Property {
  const found =
    all.find((property) => property.name === name) ??
    all.find(({ name: other }) => other === CORPUS_PROPERTY);
  if (!found) throw new Error(`no property is called ${CORPUS_PROPERTY}`);
  return found;
}

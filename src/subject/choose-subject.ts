import type { CaseSubject } from '../case/case-file.ts';
import { UsageError } from '../errors.ts';
import { auditChain } from './audit-chain.ts';
import { BUILT_IN_NAMES } from './built-in-names.ts';
import { hardened } from './hardened.ts';
import { readMigrations, type Migration } from './migration-files.ts';
import type { Subject } from './subject.ts';

/** Which subject a run is about, read from its files and not yet installed anywhere. */
export interface ChosenSubject {
  readonly subject: Subject;
  /** Where it is a directory of migrations, which bring the tables of the first built-in subject and any others. */
  readonly migrations?: readonly Migration[] | undefined;
  /** How a case file names it; undefined for the first built-in one. */
  readonly recorded?: CaseSubject | undefined;
  /** For people. */
  readonly description: string;
}

/** What the command line says of it. */
export interface SubjectOptions {
  /** The name of a built-in one, or a file that describes one. */
  readonly subject?: string | undefined;
  /** A directory of `NNNNNN_name.up.sql` files. */
  readonly migrations?: string | undefined;
}

/** The first built-in one. */
export const USUAL_SUBJECT: ChosenSubject = { subject: auditChain, description: 'built-in audit chain' };

/**
 * The subject that the options name, or else the one that a case records, or else the first built-in one.
 * @throws UsageError where there is none of that name, or its files cannot be used
 */
export async function chooseSubject(
  { subject, migrations }: SubjectOptions,
  recorded?: CaseSubject,
): Promise<ChosenSubject> {
  if (migrations !== undefined) return await ofMigrations(migrations);
  if (subject !== undefined) return isFile(subject) ? await ofFile(subject) : named(subject);
  if (recorded === undefined) return USUAL_SUBJECT;
  if (typeof recorded === 'string') return named(recorded);
  return 'migrations' in recorded ? await ofMigrations(recorded.migrations) : await ofFile(recorded.file);
}

async function ofMigrations(directory: string): Promise<ChosenSubject> {
  const migrations = await readMigrations(directory);
  const description = `${migrations.length} migrations of ${directory}`;
  return { subject: auditChain, migrations, recorded: { migrations: directory }, description };
}

/** A built-in one has no dot or slash in its name. */
function isFile(name: string): boolean {
  return /[./]/.test(name);
}

async function ofFile(file: string): Promise<ChosenSubject> {
  // Loaded here: what reads YAML is large, and most runs have no such file.
  const { readSubjectFile } = await import('./subject-file.ts');
  const subject = await readSubjectFile(file);
  return { subject, recorded: { file }, description: `${subject.name}, described by ${file}` };
}

function named(name: string): ChosenSubject {
  if (name === auditChain.name) return USUAL_SUBJECT;
  if (name === hardened.name) {
    return { subject: hardened, recorded: 'hardened', description: 'built-in hardened audit log' };
  }
  throw new UsageError({
    what: `there is no subject ${name}`,
    next: `name a built-in one (${BUILT_IN_NAMES.join(', ')}), or a file such as subject.yaml`,
  });
}

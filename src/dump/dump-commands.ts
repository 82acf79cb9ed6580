import { join } from 'node:path';
import type { Case, DumpPlan } from '../case/case.ts';

/** A dump of a trial depends on its restore where the dump is the script that is run. */
export type Plans = Pick<Case, 'dump' | 'restore'>;

/** One run of pg_dump; the database and the password come by the environment. */
export interface DumpCommand {
  readonly argv: readonly string[];
  /** The file, or for the directory format the directory, that pg_dump makes. */
  readonly archive: string;
}

interface Part {
  readonly name: string;
  readonly options: readonly string[];
  /** Whether it holds the objects themselves, which `--clean` drops and for which `--create` makes the database. */
  readonly makesObjects: boolean;
}

const WHOLE: readonly Part[] = [{ name: 'audit', options: [], makesObjects: true }];

const PARTS: Readonly<Record<NonNullable<DumpPlan['parts']>, readonly Part[]>> = {
  sections: [
    { name: 'pre-data', options: ['--section=pre-data'], makesObjects: true },
    { name: 'data', options: ['--section=data'], makesObjects: false },
    { name: 'post-data', options: ['--section=post-data'], makesObjects: false },
  ],
  'schema-and-data': [
    { name: 'schema', options: ['--schema-only'], makesObjects: true },
    { name: 'data', options: ['--data-only'], makesObjects: false },
  ],
};

/** pg_dump's runs for a trial, in the order in which their archives have to be restored. */
export function dumpCommands(plans: Plans, directory: string): DumpCommand[] {
  const { dump } = plans;
  return partsOf(dump).map((part) => {
    const archive = join(directory, `${part.name}.dump`);
    return {
      archive,
      argv: [
        `--format=${dump.format}`,
        ...(dump.compress === undefined ? [] : [`--compress=${dump.compress}`]),
        ...(dump.jobs === undefined ? [] : [`--jobs=${dump.jobs}`]),
        ...rowOptions(dump.rows),
        ...part.options,
        ...(dump.options ?? []),
        ...scriptOptions(plans, part),
        `--file=${archive}`,
      ],
    };
  });
}

function partsOf({ parts }: DumpPlan): readonly Part[] {
  return parts === undefined ? WHOLE : PARTS[parts];
}

function rowOptions(rows: DumpPlan['rows']): string[] {
  if (rows === undefined) return [];
  return [typeof rows === 'number' ? `--rows-per-insert=${rows}` : `--${rows}`];
}

/**
 * psql runs a script as it is, so that dropping what is there and making the database is for pg_dump to write into it
 * (manual, pg_dump, --clean and --create: "ignored when emitting an archive (non-text) output file").
 */
function scriptOptions({ dump, restore }: Plans, { makesObjects }: Part): readonly string[] {
  if (dump.format !== 'plain' || restore.tool !== 'psql' || !makesObjects) return [];
  return [...(restore.clean ? ['--clean', '--if-exists'] : []), ...(restore.create ? ['--create'] : [])];
}

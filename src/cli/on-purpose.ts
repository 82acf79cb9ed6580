import { readFile } from 'node:fs/promises';
import { everyMutantIsKilled } from '../../properties/every-mutant-is-killed.ts';
import type { Disturbance } from '../case/case.ts';
import { firstLine, UsageError } from '../errors.ts';
import type { Property } from '../fuzz/property.ts';
import { unfitTools } from '../fuzz/needs.ts';
import { mutantNamed } from '../mutants/catalogue.ts';
import type { Engine } from '../postgres/engine.ts';
import type { ChosenSubject } from '../subject/choose-subject.ts';

interface RunOnPurpose {
  readonly fault?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly property: readonly string[];
}

/**
 * What the canaries of a run are of. Mutants are for the built-in schema and drawn plans; a run over a fault needs none,
 * and where nothing comes back on the source's own server, none can strike.
 */
export function canaryOf(
  { fault, pipeline, property }: RunOnPurpose,
  { recorded }: ChosenSubject,
  engine: Engine,
): Property | undefined {
  const none = unfitTools(engine) || fault !== undefined || pipeline !== undefined || recorded !== undefined;
  return none || property.includes(everyMutantIsKilled.name) ? undefined : everyMutantIsKilled;
}

/** A file of SQL, or a mutant of the catalogue. */
export async function readFault(fault: string): Promise<Disturbance> {
  const [, id] = /^mutant:(.+)$/.exec(fault) ?? [];
  if (id !== undefined) return { mutant: mutantNamed(id).id };
  const sql = await readFile(fault, 'utf8').catch((cause: unknown) => {
    throw new UsageError({
      what: `--fault ${fault} cannot be read`,
      why: firstLine(cause),
      next: 'name a file of SQL that this user may read, or mutant:ID',
      cause,
    });
  });
  return { sql };
}

import type { Engine } from '../postgres/engine.ts';
import { openRun } from '../postgres/run-databases.ts';
import { ownRoles } from '../subject/own-roles.ts';
import { USUAL_SUBJECT, type ChosenSubject } from '../subject/choose-subject.ts';
import { readDatabaseSettings } from './database-settings.ts';
import { detectWorld } from './detect-world.ts';
import { installSubject } from './install-subject.ts';
import type { LaneGround } from './lane.ts';

export interface GroundOptions {
  /** Absent: the first built-in one. */
  readonly chosen?: ChosenSubject | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what stays behind. */
  readonly say?: ((line: string) => void) | undefined;
  readonly trialMilliseconds?: number | undefined;
  /** Rows of a drawn workload at most. */
  readonly maxRows?: number | undefined;
  /** The server that upgrades go to. */
  readonly other?: Engine | undefined;
}

/** Work on a run's databases, template and directory; all are gone when it ends, however it ends. */
export async function withGround<T>(
  engine: Engine,
  { maxRows, other, chosen = USUAL_SUBJECT, say, ...options }: GroundOptions,
  work: (ground: LaneGround) => Promise<T>,
): Promise<T> {
  await using directory = await engine.openDirectory();
  await using _ = await ownRoles(chosen, engine, say);
  await using run = await openRun(engine);
  // The order of ids at equal times is the collation's, which predictions have to know.
  const provider = engine.serverVersion.major >= 15 ? ({ provider: 'libc' } as const) : {};
  const locale = { ...provider, locale: 'C' };
  const { database, subject } = await installSubject(chosen, {
    engine,
    freshDatabase: () => run.create({ label: 'template', encoding: 'UTF8', locale }),
    signal: options.signal,
  });
  await using template = database;
  await using otherRun = other && (await openRun(other, run));
  const world = await detectWorld(engine, subject);
  return await work({
    engine,
    run,
    other: other && otherRun && { engine: other, run: otherRun },
    world: { ...world, maxRows, other: other && (await detectWorld(other, subject)) },
    subject,
    recorded: chosen.recorded,
    template,
    databaseSettings: await readDatabaseSettings(template.settings),
    directory: directory.path,
    ...options,
  });
}

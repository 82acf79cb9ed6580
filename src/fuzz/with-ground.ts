import { connect } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import { openRun, type OwnedDatabase } from '../postgres/run-databases.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { detectWorld } from './detect-world.ts';
import type { LaneGround } from './lane.ts';

export interface GroundOptions {
  readonly signal?: AbortSignal | undefined;
  readonly trialMilliseconds?: number | undefined;
  /** Rows of a drawn workload at most. */
  readonly maxRows?: number | undefined;
}

/** Work on a run's databases, template and directory; all are gone when it ends, however it ends. */
export async function withGround<T>(
  engine: Engine,
  { maxRows, ...options }: GroundOptions,
  work: (ground: LaneGround) => Promise<T>,
): Promise<T> {
  await using directory = await engine.openDirectory();
  await using run = await openRun(engine);
  // The order of ids at equal times is the collation's, which predictions have to know.
  const provider = engine.serverVersion.major >= 15 ? ({ provider: 'libc' } as const) : {};
  await using template = await run.create({
    label: 'template',
    encoding: 'UTF8',
    locale: { ...provider, locale: 'C' },
  });
  await installInto(template);
  return await work({
    engine,
    run,
    world: { ...(await detectWorld(engine, auditChain)), maxRows },
    subject: auditChain,
    template,
    directory: directory.path,
    ...options,
  });
}

/** The connection is closed before the template is copied: CREATE DATABASE refuses one that is in use. */
async function installInto(template: OwnedDatabase): Promise<void> {
  await using connection = await connect(template.settings);
  await auditChain.install(connection);
}

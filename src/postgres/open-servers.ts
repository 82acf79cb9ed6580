import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Reach } from './container-engine.ts';
import type { Engine } from './engine.ts';
import { openEngine, type EngineChoice } from './open-engine.ts';
import { openPart, openThrowawayDirectory } from './throwaway-directory.ts';

/** The server of a run, and the one that upgrades go to, if two were named. */
export interface Servers extends AsyncDisposable {
  readonly engine: Engine;
  readonly other?: Engine | undefined;
}

/** An engine, or two of them by their references. */
export type ServersChoice = EngineChoice & {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/**
 * The engine of a choice, or both of `--from` and `--to`. A reference is `local`, `local:MAJOR`, a URL, or an image.
 * Tools of each server reach the other's, and files are where both can read and write them.
 *
 * @throws UsageError, NoVerdictError as `openEngine`
 */
export async function openServers(choice: ServersChoice): Promise<Servers> {
  const { from, to, ...common } = choice;
  if (from === undefined && to === undefined) return alone(await openEngine(common));
  if (from === undefined || to === undefined) {
    const missing = from === undefined ? '--from' : '--to';
    throw new UsageError({ what: `${missing} is missing`, next: 'name both servers, or neither' });
  }
  refuseOtherNames(common);
  return await openBoth(from, to, common);
}

function alone(engine: Engine): Servers {
  return { engine, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

function refuseOtherNames({ engine, url, image, pgBin, pgMajor }: EngineChoice): void {
  const given = { '--url': url, '--image': image, '--pg-bin': pgBin, '--pg': pgMajor };
  const name = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  const clash = name ?? (engine === 'auto' ? undefined : '--engine');
  if (clash === undefined) return;
  throw new UsageError({
    what: `${clash} and --from contradict each other`,
    next: `leave ${clash} out: --from and --to name the servers`,
  });
}

async function openBoth(from: string, to: string, common: EngineChoice): Promise<Servers> {
  const directory = await openThrowawayDirectory();
  const opened = new Map<string, Engine>();
  const dispose = async (): Promise<void> => {
    for (const engine of opened.values()) await engine[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  };
  try {
    const shared = join(directory.path, 'shared');
    await mkdir(shared, { mode: 0o755 });
    const named = { from: parseReference(from), to: parseReference(to) };
    // Containers last: they are told what they have to reach.
    const order = Object.entries(named).toSorted(
      ([, a], [, b]) => Number('image' in a) - Number('image' in b),
    );
    for (const [side, reference] of order) {
      const reach = reachOf([...opened.values()]);
      opened.set(side, await openEngine({ ...common, ...reference, shared, reach }));
    }
    const [engine, other] = [opened.get('from'), opened.get('to')];
    if (!engine || !other) throw new Error('both were opened');
    return { engine: sharing(engine, shared), other, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const LOCAL = /^local(?::(\d+))?$/;

/** `local/postgres:17` is an image: a colon or nothing follows the word. */
function parseReference(reference: string): Pick<EngineChoice, 'engine' | 'url' | 'image' | 'pgMajor'> {
  const [local, major] = LOCAL.exec(reference) ?? [];
  if (local !== undefined)
    return { engine: 'local', pgMajor: major === undefined ? undefined : Number(major) };
  if (/^postgres(?:ql)?:\/\//.test(reference)) return { engine: 'server', url: reference };
  return { engine: 'container', image: reference };
}

function reachOf(engines: readonly Engine[]): Reach {
  const hosts = engines
    .filter(({ kind }) => kind !== 'container')
    .map((engine) => engine.connectionTo(engine.maintenanceDatabase).host);
  return {
    directories: hosts.filter((host) => host.startsWith('/')),
    network: hosts.some((host) => !host.startsWith('/')),
  };
}

/** Its directories are where the other's tools see them, too. */
function sharing(engine: Engine, shared: string): Engine {
  const openDirectory: Engine['openDirectory'] = () => openPart(shared);
  return { ...engine, openDirectory, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

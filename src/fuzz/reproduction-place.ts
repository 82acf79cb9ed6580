import { chown, copyFile, readdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Case } from '../case/case.ts';
import type { ClientTools } from '../postgres/client-tools.ts';
import { libpqEnvironment, type ConnectionSettings } from '../postgres/connection.ts';
import { markOf } from '../postgres/create-database.ts';
import type { Engine } from '../postgres/engine.ts';
import { databaseName } from '../postgres/run-sweep.ts';
import type { Account } from '../postgres/throwaway-directory.ts';
import { compareVersions } from '../postgres/version.ts';
import { passwordLine, wholeUrlOf } from '../postgres/write-connection-url.ts';
import type { LaneGround } from './lane.ts';
import { openOwnServer } from './own-server.ts';
import { SERVER_VARIABLES } from './reproduction-servers.ts';

/** Where a script runs. */
export interface ReproductionPlace extends AsyncDisposable {
  /** The script, with the files that it reads beside it. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  /** As whom it runs; absent: as we do. */
  readonly account?: Account | undefined;
  /** Databases of these names may be left on these servers, where the script is killed. */
  readonly left: readonly { readonly engine: Engine; readonly names: readonly string[] }[];
}

/** Further than a run counts its own databases, and still within the nine digits that the sweep knows. */
const FIRST_NUMBER = 900_000_000;
let scripts = 0;

/** The server or the servers of the run; for commands that work on whole servers, one of the script's own. */
export async function placeOf(
  script: string,
  { upgrade, pipeline }: Case,
  ground: LaneGround,
): Promise<ReproductionPlace> {
  if (pipeline?.scope === 'cluster') return await onOwnServer(script, ground);
  const { engine, other, run } = ground;
  const engines = upgrade && other ? [engine, other.engine] : [engine];
  const number = FIRST_NUMBER + 2 * scripts++;
  // Named and marked as the run's own, so that the next run sweeps them where this one dies.
  const names = [databaseName(run.id, number), databaseName(run.id, number + 1)] as const;
  const [newest = engine.tools] = engines
    .map(({ tools }) => tools)
    .toSorted((a, b) => compareVersions(b.version, a.version));
  return {
    script,
    environment: {
      ...surroundings(newest, ground.directory),
      ...(upgrade && other
        ? await twoServers(engine, other.engine, ground.directory)
        : libpqEnvironment(engine.connectionTo(engine.maintenanceDatabase))),
      REPRO_SOURCE: names[0],
      REPRO_TARGET: names[1],
      REPRO_COMMENT: markOf(run.id, 'repro.sh'),
    },
    left: engines.map((each) => ({ engine: each, names })),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function twoServers(from: Engine, to: Engine, directory: string): Promise<Record<string, string>> {
  const [source, target] = [from, to].map((engine) => engine.connectionTo(engine.maintenanceDatabase)) as [
    ConnectionSettings,
    ConnectionSettings,
  ];
  const passfile = join(directory, 'repro.passfile');
  const lines = [source, target].map((each) =>
    each.password === undefined ? '' : passwordLine(each, each.password),
  );
  await writeFile(passfile, lines.join(''), { mode: 0o600 });
  return {
    [SERVER_VARIABLES.source]: wholeUrlOf(source),
    [SERVER_VARIABLES.target]: wholeUrlOf(target),
    [SERVER_VARIABLES.sourceTools]: from.tools.directory,
    [SERVER_VARIABLES.targetTools]: to.tools.directory,
    PGPASSFILE: passfile,
  };
}

/** The account of the server may not enter our directories: the files go to where it works. */
async function onOwnServer(
  script: string,
  { engine, subject, signal }: LaneGround,
): Promise<ReproductionPlace> {
  const server = await openOwnServer(engine, subject, signal);
  try {
    const { directory, account, maintenance } = server;
    const folder = dirname(script);
    for (const name of await readdir(folder)) {
      const copy = join(directory, name);
      await copyFile(join(folder, name), copy);
      if (account) await chown(copy, account.uid, account.gid);
    }
    return {
      script: join(directory, script.slice(folder.length + 1)),
      environment: { ...surroundings(engine.tools, directory), ...libpqEnvironment(maintenance) },
      account,
      left: [],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function surroundings(tools: ClientTools, directory: string): Record<string, string> {
  const { HOME = '', PATH = '', LD_LIBRARY_PATH } = process.env;
  const libraryPath = tools.libraryPath ?? LD_LIBRARY_PATH;
  return {
    PATH: [tools.directory, PATH].join(delimiter),
    HOME,
    // What a killed script leaves there goes away with the run.
    TMPDIR: directory,
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
  };
}

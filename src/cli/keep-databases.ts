import type { ConnectionSettings } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Run } from '../postgres/run-databases.ts';
import type { Terminal } from './terminal.ts';

/** A database to leave behind, and where it is. */
interface KeptDatabase {
  readonly name: string;
  readonly settings: ConnectionSettings;
  readonly at: { readonly engine: Engine; readonly run: Pick<Run, 'keep'> };
}

/** Leaves databases behind, and prints how to enter them and how to end them. */
export async function keepDatabases(
  databases: readonly KeptDatabase[],
  what: string,
  { print }: Terminal,
): Promise<void> {
  print(`${what}; ${databases.length === 1 ? 'its database is' : 'its databases are'} kept:`);
  const ends = new Set<string>();
  for (const { name, settings, at } of databases) {
    const kept = await at.run.keep(settings.database);
    if (!kept) continue;
    const server = await at.engine.keep?.();
    const enter = clientCommand('psql', { ...kept, ...server });
    print(
      `  ${name.padEnd(10)} ${[server?.through, enter].filter((words) => words !== undefined).join(' ')}`,
    );
    ends.add(server?.end ?? clientCommand('dropdb', kept));
  }
  print('and when you are done:');
  for (const end of ends) print(`  ${end}`);
}

function clientCommand(
  program: 'psql' | 'dropdb',
  { host, port, user, database }: Pick<ConnectionSettings, 'host' | 'port' | 'user' | 'database'>,
): string {
  return `${program} --host=${host} --port=${port} --username=${user} ${database}`;
}

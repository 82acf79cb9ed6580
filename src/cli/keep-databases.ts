import { UsageError } from '../errors.ts';
import type { ConnectionSettings } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Run } from '../postgres/run-databases.ts';
import type { Terminal } from './terminal.ts';

/** @throws UsageError where nothing can be left behind for somebody to look at */
export function requireKeepable({ kind }: Engine): void {
  if (kind !== 'container') return;
  throw new UsageError({
    what: '--keep cannot keep the databases of a container',
    why: 'it lives no longer than the command',
    next: 'use --engine local, or --url of a server that stays',
  });
}

/** Leaves databases behind, and prints how to enter them and how to end them. */
export async function keepDatabases(
  { engine, run }: { readonly engine: Engine; readonly run: Run },
  named: readonly (readonly [name: string, settings: ConnectionSettings])[],
  what: string,
  { print }: Terminal,
): Promise<void> {
  const kept: ConnectionSettings[] = [];
  print(`${what}; ${named.length === 1 ? 'its database is' : 'its databases are'} kept:`);
  for (const [name, { database }] of named) {
    const settings = await run.keep(database);
    if (!settings) continue;
    kept.push(settings);
    print(`  ${name.padEnd(10)} ${clientCommand('psql', settings)}`);
  }
  const end = await engine.keep?.();
  print('and when you are done:');
  if (end !== undefined) print(`  ${end}`);
  else for (const each of kept) print(`  ${clientCommand('dropdb', each)}`);
}

function clientCommand(program: 'psql' | 'dropdb', settings: ConnectionSettings): string {
  const { host, port, user, database } = settings;
  return `${program} --host=${host} --port=${port} --username=${user} ${database}`;
}

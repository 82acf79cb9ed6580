import { escapeIdentifier } from 'pg';
import { firstLine } from '../errors.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Migration } from './migration-files.ts';

/**
 * Sees to it that roles which migrations create on somebody's server do not stay there: roles that are new since this
 * was called and that the migrations name are dropped at the end. To be called before the first database of the run
 * is made, so that those are gone by then: a role that still owns something cannot be dropped, and is told. On a server
 * that is ours nothing has to be done.
 */
export async function ownRoles(
  { migrations }: { readonly migrations?: readonly Migration[] | undefined },
  engine: Pick<Engine, 'throwaway' | 'connectionTo' | 'maintenanceDatabase'>,
  say: (line: string) => void = () => undefined,
): Promise<AsyncDisposable> {
  if (!migrations || engine.throwaway) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const maintenance = engine.connectionTo(engine.maintenanceDatabase);
  const before = new Set(await rolesOf(maintenance));
  return {
    [Symbol.asyncDispose]: async () => {
      try {
        const text = migrations.map(({ sql }) => sql).join('\n');
        const created = (await rolesOf(maintenance)).filter(
          (name) => !before.has(name) && text.includes(name),
        );
        await dropRoles(created, maintenance, say);
      } catch (error) {
        say(`roles that the migrations created could not be looked for: ${firstLine(error)}`);
      }
    },
  };
}

/** Every role of the server that a database is on. */
export async function rolesOf(maintenance: ConnectionSettings): Promise<string[]> {
  await using connection = await connect(maintenance);
  const { rows } = await connection.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
  return rows.map(({ rolname }) => rolname);
}

async function dropRoles(
  names: readonly string[],
  maintenance: ConnectionSettings,
  say: (line: string) => void,
): Promise<void> {
  if (names.length === 0) return;
  await using connection = await connect(maintenance);
  for (const name of names) {
    await connection.query(`DROP ROLE ${escapeIdentifier(name)}`).catch((error: unknown) => {
      say(`the role ${name}, which the migrations created, is still there: ${firstLine(error)}`);
    });
  }
}

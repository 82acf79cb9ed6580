import { firstLine, NoVerdictError } from '../errors.ts';
import type { ClientTools } from './client-tools.ts';
import { libpqEnvironment } from './connection.ts';
import type { Engine } from './engine.ts';
import { parseVersion } from './version.ts';

/**
 * What is drawn and predicted depends on the major version of the tools, which one of them was asked for. A wrapper, or
 * programs of two packages in one directory, may say otherwise.
 *
 * @throws NoVerdictError where pg_dump, pg_restore and psql are not of that version
 */
export async function requireOneVersion(tools: ClientTools): Promise<void> {
  await Promise.all(
    (['pg_dump', 'pg_restore', 'psql'] as const).map(async (tool) => {
      const { stdout } = await tools.run(tool, ['--version']);
      if (parseVersion(stdout)?.major === tools.version.major) return;
      throw new NoVerdictError({
        what: `the client tools in ${tools.directory} are not of one version`,
        why: `version ${tools.version.text} was expected, and ${tool} --version printed ${JSON.stringify(firstLine(stdout))}`,
        next: 'mend the installation, or give another --pg-bin',
      });
    }),
  );
}

/**
 * pg_dump goes by the version that the server announces at log-in (libpq, PQserverVersion), and not by what it answers
 * to a question. Something between the two may have words of its own.
 *
 * @throws NoVerdictError where it announces another one
 */
export async function requireAnnouncedVersion(
  engine: Pick<Engine, 'tools' | 'serverVersion' | 'connectionTo' | 'maintenanceDatabase'>,
): Promise<void> {
  const { tools, serverVersion, connectionTo, maintenanceDatabase } = engine;
  const environment = libpqEnvironment(connectionTo(maintenanceDatabase));
  const argv = ['-X', '-c', String.raw`\echo :SERVER_VERSION_NAME`];
  const { exitCode, stdout } = await tools.run('psql', argv, { environment });
  // One that psql cannot enter is told by the first dump.
  if (exitCode !== 0 || parseVersion(stdout)?.major === serverVersion.major) return;
  throw new NoVerdictError({
    what: 'the server announces another version than it is of',
    why: `it says ${JSON.stringify(firstLine(stdout))} at log-in, and answers ${serverVersion.text}`,
    next: 'name the server itself, without a proxy or a pooler between',
  });
}

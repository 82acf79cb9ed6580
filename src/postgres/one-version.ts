import { firstLine, NoVerdictError } from '../errors.ts';
import type { ClientTools } from './client-tools.ts';
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

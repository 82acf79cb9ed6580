import { chmod, lstat, mkdtemp, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openLocalEngine } from './postgres/local-engine.ts';
import { findInstallations } from './postgres/installations.ts';
import { localInstallation } from './postgres/open-engine.ts';
import { testImages } from './test-containers.ts';
import { makeTestInstallation } from './test-installation.ts';
import { makeSubjectTemplates } from './test-subjects.ts';

/** One throwaway server for the whole test run, of the newest installation, fetched where there is none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const say = (line: string): unknown => process.stderr.write(`${line}\n`);
  const choice = { engine: 'local', download: true, say } as const;
  const installation = await localInstallation(choice, await findInstallations());
  const images = await testImages();
  const engine = await openLocalEngine({ installation });
  const settings = engine.connectionTo(engine.maintenanceDatabase);
  await makeSubjectTemplates(settings);
  // Where the server is (memory, if there is plenty) there is room for what the tests write, too.
  const temporary = await mkdtemp(join(dirname(dirname(settings.host)), 'tests-'));
  await chmod(temporary, 0o755);
  const account = await lstat(settings.host);
  const testBin = await makeTestInstallation(installation, join(temporary, 'installation'), account);
  const path = process.env['PATH'] ?? '';
  project.provide('images', images);
  project.provide('server', {
    settings,
    version: engine.tools.version.text,
    pgBin: installation.directory,
    libraryPath: installation.libraryPath,
    testBin,
    path,
  });
  process.env['TMPDIR'] = temporary;
  process.env['PATH'] = [testBin, path].join(delimiter);
  return async () => {
    await engine[Symbol.asyncDispose]();
    await rm(temporary, { recursive: true, force: true });
  };
}

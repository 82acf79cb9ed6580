import type { TestProject } from 'vitest/node';
import { openLocalEngine } from './postgres/local-engine.ts';
import { localInstallation } from './postgres/open-engine.ts';
import { testImages } from './test-containers.ts';

/** One throwaway server for the whole test run, of the newest installation, fetched where there is none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const installation = await localInstallation({
    engine: 'local',
    download: true,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const images = await testImages();
  const engine = await openLocalEngine({ installation });
  project.provide('images', images);
  project.provide('server', {
    settings: engine.connectionTo(engine.maintenanceDatabase),
    version: engine.tools.version.text,
    pgBin: installation.directory,
    libraryPath: installation.libraryPath,
  });
  return async () => {
    await engine[Symbol.asyncDispose]();
  };
}

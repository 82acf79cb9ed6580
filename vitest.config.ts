import { defineConfig } from 'vitest/config';

/** What a stranger types and is handed: the program in a terminal, pages, scripts, workflows, packages, containers. */
const END_TO_END = 'src/**/*.e2e.test.ts';

export default defineConfig({
  test: {
    // Most of the time goes into servers and client tools, so that both cores are had without a worker to spare.
    maxWorkers: '100%',
    isolate: false,
    // Nothing is timed: a limit is there to end what hangs, on a machine of any speed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: ['src/test-server.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['src/**/*.test.ts', 'properties/**/*.test.ts'],
          exclude: [END_TO_END],
        },
      },
      { extends: true, test: { name: 'end-to-end', include: [END_TO_END] } },
    ],
  },
});

import type { Engine } from './engine.ts';

/**
 * An engine none of whose connections waits longer for an answer, and none of whose client tools runs longer, so that
 * neither a server nor a tool that hangs keeps a run.
 */
export function withinLimits(engine: Engine, milliseconds: number | undefined): Engine {
  if (milliseconds === undefined) return engine;
  const { tools } = engine;
  return {
    ...engine,
    tools: {
      ...tools,
      run: (tool, argv, options) => tools.run(tool, argv, { timeoutMilliseconds: milliseconds, ...options }),
    },
    connectionTo: (database) => ({ ...engine.connectionTo(database), silenceMilliseconds: milliseconds }),
  };
}

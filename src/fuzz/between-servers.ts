import type { Upgrade } from '../case/case.ts';
import { UsageError } from '../errors.ts';
import type { ClientTools } from '../postgres/client-tools.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Run } from '../postgres/run-databases.ts';

/** A server that upgrades go to, and the run's databases on it. */
export interface OtherServer {
  readonly engine: Engine;
  readonly run: Run;
}

interface BetweenServers {
  readonly tools: ClientTools;
  readonly restoreTools: ClientTools;
  readonly to: OtherServer;
}

/**
 * Whose tools an upgrade takes, and where it goes.
 * @throws UsageError where its two servers are not at hand
 */
export function betweenServers(
  upgrade: Upgrade,
  ground: { readonly engine: Engine; readonly other?: OtherServer | undefined },
): BetweenServers {
  const { engine, other } = ground;
  if (!hasServersOf(upgrade, engine, other?.engine) || !other) {
    throw new UsageError({
      what: `the case goes from a server of version ${upgrade.from} to one of ${upgrade.to}`,
      why: other
        ? `these are ${engine.serverVersion.major} and ${other.engine.serverVersion.major}`
        : 'there is one server only',
      next: `name both: --from local:${upgrade.from} --to postgres:${upgrade.to}`,
    });
  }
  const sides = { from: engine.tools, to: other.engine.tools };
  return { tools: sides[upgrade.dump_by], restoreTools: sides[upgrade.restore_by], to: other };
}

/** Whether two servers are those that an upgrade is about. */
export function hasServersOf(upgrade: Upgrade, from: Engine, to: Engine | undefined): boolean {
  return from.serverVersion.major === upgrade.from && to?.serverVersion.major === upgrade.to;
}

import { firstLine, NoVerdictError, UsageError } from '../errors.ts';
import type { ToolRun } from '../postgres/client-tools.ts';
import { connect } from '../postgres/connection.ts';
import type { Engine } from '../postgres/engine.ts';
import { exhaustionOf, refusalOf } from '../verdict/refusal.ts';

/** What a failed tool says that is about the server or the tools at hand, and not about the dump. */
const ABOUT_THE_PLACE: readonly { says: RegExp; next: string; onOthersServer?: boolean }[] = [
  {
    says: /unsupported version \(\S+\) in file header/,
    next: 'take client tools as new as the pg_dump that wrote it: --pg, --pg-bin',
  },
  {
    says: /unrecognized configuration parameter "transaction_timeout"/,
    next: 'restore into a server of 17 or newer; an archive also goes by older client tools that can read it: --pg, --pg-bin',
  },
  {
    says: /tablespace "[^"]*" does not exist/,
    next: 'dump with --no-tablespaces, or into an archive, from which they can be left out',
  },
  {
    says: /role "[^"]*" does not exist/,
    next: 'create that role, or leave --url out: on a throwaway server roles are made',
  },
  {
    says: /permission denied|must be (?:superuser|owner|member|able to SET ROLE)/,
    next: 'restore as a role that may, or leave --url out',
    onOthersServer: true,
  },
  {
    says: /could not (?:open extension control file|access file)|extension "[^"]*" is not available/,
    next: 'install what the dump needs, or name a server that has it by --url',
  },
];

/**
 * Tells a dump that cannot be restored from one that cannot be restored here.
 * @throws UsageError where the server or the tools do not suit
 * @throws NoVerdictError where the server is gone, or ran out of something
 */
export async function requireUsable(failed: ToolRun, engine: Engine): Promise<void> {
  const { stage, firstErrorLine: why } = refusalOf(failed);
  const exhausted = exhaustionOf(failed);
  if (exhausted !== undefined) {
    const next = 'make room, or set TMPDIR to a directory with more of it; a throwaway server lies there';
    throw new NoVerdictError({ what: `the restore ran out of room at ${stage}`, why: exhausted, next });
  }
  try {
    await using _ = await connect(engine.connectionTo(engine.maintenanceDatabase));
  } catch (cause) {
    const next = 'look into the log of the server and at its disk, then run again';
    throw new NoVerdictError({
      what: `the server gave way during ${stage}`,
      why: why || firstLine(cause),
      next,
      cause,
    });
  }
  const found = ABOUT_THE_PLACE.find(
    ({ says, onOthersServer }) => says.test(failed.stderr) && !(onOthersServer && engine.throwaway),
  );
  if (found)
    throw new UsageError({
      what: `the dump cannot be tried here: ${stage} refused it`,
      why,
      next: found.next,
    });
}

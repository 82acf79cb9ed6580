import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { connect, type ConnectionSettings } from '../postgres/connection.ts';
import type { ToolRun } from '../postgres/client-tools.ts';
import type { Engine } from '../postgres/engine.ts';
import { openRun } from '../postgres/run-databases.ts';
import { performActs } from '../snapshot/acts/perform-acts.ts';
import { takeSnapshot } from '../snapshot/take-snapshot.ts';
import { requireSubject } from '../subject/require-subject.ts';
import { refusalOf } from '../verdict/refusal.ts';
import { describeDump } from './describe-dump.ts';
import type { DumpFile } from './dump-file.ts';
import type { DrillOptions, DrillResult, DrillStep } from './drill-result.ts';
import { judgeDrill, type Looked } from './judge-drill.ts';
import { prepareDatabase } from './prepare-database.ts';
import { requireUsable } from './require-usable.ts';
import { inspectDump, restoreArguments, restoreDump } from './restore-dump.ts';
import type { ScriptFacts } from './scan-script.ts';
import { unprovenBy } from './unproven.ts';

/**
 * An operator's dump restored into a database of our own, and every check that can be made there. Written to are that
 * database, and roles on a throwaway server; all of it goes away.
 *
 * @throws UsageError where the dump cannot be tried on this server
 * @throws NoVerdictError and connection errors, where infrastructure gave way
 */
export async function runDrill(options: DrillOptions): Promise<DrillResult> {
  const { dump, engine } = options;
  const steps: DrillStep[] = [];
  const step = stepClock(options, steps);
  await using directory = await engine.openDirectory();
  const facts = await step(
    'dump',
    () => inspectDump(dump, { tools: engine.tools, signal: options.signal }, directory.path),
    (found) => describeDump(dump, 'failed' in found ? undefined : found),
  );
  if ('failed' in facts) {
    await requireUsable(facts.failed, engine);
    return {
      verdict: 'refused',
      checks: [],
      refusal: refusalOf(facts.failed),
      roles: [],
      unproven: [],
      steps,
    };
  }
  requireOwnPlace(dump, facts, engine);

  await using run = await openRun(engine);
  const { database, roles, otherwise } = await step(
    'database',
    () => prepareDatabase(facts, options.against, { engine, run }),
    (prepared) =>
      ['empty', ...(prepared.roles.length === 0 ? [] : [`roles created: ${prepared.roles.join(', ')}`])].join(
        '; ',
      ),
  );
  await using _ = database;
  const told = { facts, roles, unproven: [...otherwise, ...unprovenBy(options, facts)], steps };
  const restore = await restoreInto(database.settings, { ...options, facts, step });
  if (restore.exitCode !== 0) {
    await requireUsable(restore, engine);
    return { verdict: 'refused', checks: [], refusal: refusalOf(restore), ...told };
  }
  const restored = enteredDatabase(facts, engine) ?? database.settings;
  const looked = await look(restored, { ...options, step, trailFile: join(directory.path, 'rows') });
  await options.hold?.(run, restored);
  return { ...(await judgeDrill(looked, options, facts)), ...told };
}

type StepClock = <T>(
  name: DrillStep['name'],
  work: () => Promise<T>,
  tell: (value: T) => string,
) => Promise<T>;

const WAITING_MILLISECONDS = 60_000;

function stepClock({ signal, onStep, onWaiting }: DrillOptions, steps: DrillStep[]): StepClock {
  return async (name, work, tell) => {
    signal.throwIfAborted();
    const started = performance.now();
    const waiting = setInterval(() => onWaiting?.(name, performance.now() - started), WAITING_MILLISECONDS);
    try {
      const value = await work();
      const milliseconds = performance.now() - started;
      steps.push({ name, milliseconds });
      onStep(name, tell(value), milliseconds);
      return value;
    } finally {
      clearInterval(waiting);
    }
  };
}

function restoreInto(
  target: ConnectionSettings,
  { dump, engine, jobs, signal, facts, step }: DrillOptions & { facts: ScriptFacts; step: StepClock },
): Promise<ToolRun> {
  // Roles belong to the server: on one that is not ours, none is asked for.
  const how = {
    target,
    withoutRoles: !engine.throwaway,
    withoutTablespaces: facts.tablespaces.length > 0,
    jobs,
  };
  const { tool, argv } = restoreArguments(dump, how);
  const words = [tool, ...argv.filter((word) => !/^--(?:dbname|output)=/.test(word))].join(' ');
  return step(
    'restore',
    () => restoreDump(dump, { ...how, tools: engine.tools, signal }),
    () => words,
  );
}

/** A script that enters another database would write there, and not into ours. */
function requireOwnPlace({ path }: DumpFile, { enters }: ScriptFacts, { throwaway }: Engine): void {
  if (enters.length === 0 || throwaway) return;
  throw new UsageError({
    what: `the script ${path} enters the database ${enters.join(', ')} by itself`,
    why: 'it was written by pg_dump --create, and on the server of --url only databases of our own are written to',
    next: 'leave --url out, so that it is restored into a throwaway server; or dump without --create',
  });
}

/** Where a script took itself; an archive goes where it is sent. */
function enteredDatabase({ enters }: ScriptFacts, engine: Engine): ConnectionSettings | undefined {
  const last = enters.at(-1);
  return last === undefined ? undefined : engine.connectionTo(last);
}

async function look(
  restored: ConnectionSettings,
  { subject, against, step, trailFile }: DrillOptions & { step: StepClock; trailFile: string },
): Promise<Looked> {
  await using connection = await connect(restored);
  await requireSubject(connection, subject, 'some');
  const { rows } = await connection.query<{ bytes: string }>(
    'SELECT pg_database_size(current_database())::text AS bytes',
  );
  const snapshot = await step(
    'restored snapshot',
    () => takeSnapshot(connection, { phase: 'restored', subject, orderedLike: against, trailFile }),
    ({ tables, row_count: events }) =>
      `${tables.reduce((sum, table) => sum + table.rows, 0)} rows of ${tables.length} tables, ${events ?? 'no'} events`,
  );
  const acts = await step(
    'acts',
    () => performActs(connection, subject),
    () => 'append, UPDATE, DELETE, tamper; all rolled back',
  );
  return { restored: snapshot, acts, databaseBytes: Number(rows[0]?.bytes) };
}

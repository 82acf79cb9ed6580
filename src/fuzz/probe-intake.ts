import { DatabaseError } from 'pg';
import type { AuditEvent } from '../case/case.ts';
import type { Intake } from '../case/subject-traits.ts';
import { UsageError } from '../errors.ts';
import type { Connection } from '../postgres/connection.ts';
import { copyRows } from '../postgres/copy-binary.ts';
import type { Subject } from '../subject/subject.ts';
import { insertEvents } from '../workload/insert-events.ts';

const EVENT: AuditEvent = {
  id: 'restoreproof-probe',
  actor: 'restoreproof',
  actor_type: 'system',
  action: 'auth.login',
  resource_type: 'session',
  resource_id: 'probe',
  details: '{"probe": 1.0}',
  timestamp: { at: '946684800000001' },
};

/** Those of the built-in subject, and those that drawn workloads try beside them. */
const CATEGORIES = ['cert_lifecycle', 'auth', 'config', 'AUTH', '', ' auth', 'other'];

const NEXT =
  'what is wanted of migrations is in docs/subjects.md, and so is how another schema is described by --subject FILE';

/**
 * Which events an installation takes, found by trying: each is inserted and rolled back.
 * @throws UsageError where it takes none, has some already, or chains them in another way than the harness recomputes
 */
export async function probeIntake(connection: Connection, subject: Subject): Promise<Intake> {
  await requireEmpty(connection, subject);
  const limits = await readLimits(connection, subject);
  await connection.query('BEGIN');
  try {
    await requireTaken(connection, subject);
    await requireSameChain(connection, subject);
    const categories: string[] = [];
    for (const category of CATEGORIES) {
      const change = { id: `${EVENT.id} ${category}`, event_category: category };
      if ((await refusalOf(connection, subject, change)) === undefined) categories.push(category);
    }
    const endless = { id: `${EVENT.id} infinity`, timestamp: { written: 'infinity' } };
    const infinity = (await refusalOf(connection, subject, endless)) === undefined ? 'stored' : 'refused';
    return { limits, categories, infinity };
  } finally {
    await connection.query('ROLLBACK');
  }
}

/** @throws UsageError where there are events already */
export async function requireEmpty(connection: Connection, { countQuery, traits }: Subject): Promise<void> {
  const { rows } = await connection.query<[string]>({ text: countQuery, rowMode: 'array' });
  const count = Number(rows[0]?.[0] ?? 0);
  if (count === 0) return;
  throw new UsageError({
    what: `the installation leaves ${count} rows in ${traits.tables.events}`,
    why: 'the events of a case are older than what is written while they run, so that the chain would not verify',
    next: 'leave out what writes events, in a copy of the files',
  });
}

async function readLimits(connection: Connection, { traits }: Subject): Promise<Intake['limits']> {
  const { rows } = await connection.query<{ name: string; most: number }>(
    `SELECT attname AS name, atttypmod - 4 AS most FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attname = ANY ($2) AND atttypmod > 4
       AND atttypid IN ('varchar'::regtype, 'bpchar'::regtype)`,
    [traits.tables.events, ['actor', 'actor_type', 'action', 'resource_type', 'resource_id']],
  );
  return Object.fromEntries(rows.map(({ name, most }) => [name, most]));
}

/** @throws UsageError where a plain event is refused */
export async function requireTaken(connection: Connection, subject: Subject): Promise<void> {
  const refused = await refusalOf(connection, subject, {});
  if (refused === undefined) return;
  throw new UsageError({
    what: `${subject.traits.tables.events} does not take an event`,
    why: `${refused.message} (SQLSTATE ${refused.code})`,
    next: NEXT,
    cause: refused,
  });
}

async function requireSameChain(connection: Connection, subject: Subject): Promise<void> {
  for await (const batch of copyRows(connection, subject.chainQuery)) {
    for (const row of batch) {
      const { stored, recomputed } = subject.hashesOf(row);
      if (stored === recomputed) continue;
      throw new UsageError({
        what: 'the hash of an event is not the one that the harness computes from its row',
        why: `stored is ${stored}, recomputed ${recomputed ?? 'NULL'}: another payload is hashed`,
        next: NEXT,
      });
    }
  }
}

/** Undefined where the event is taken. */
async function refusalOf(
  connection: Connection,
  { writing }: Subject,
  change: Partial<AuditEvent>,
): Promise<DatabaseError | undefined> {
  await connection.query('SAVEPOINT probe');
  try {
    await insertEvents(connection, writing, [{ ...EVENT, ...change }]);
    return undefined;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await connection.query('ROLLBACK TO probe');
    return error;
  }
}

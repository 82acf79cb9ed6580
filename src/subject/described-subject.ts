import { escapeLiteral } from 'pg';
import { UsageError } from '../errors.ts';
import type { AuditEvent } from '../case/case.ts';
import type { BinaryRow } from '../postgres/copy-binary.ts';
import { filledIn, templateOf } from './insert-template.ts';
import type { Subject } from './subject.ts';
import type { SubjectDescription } from './subject-schema.ts';

/** What is appended to a restored database, besides its time. */
const APPENDED: Readonly<Record<Exclude<keyof AuditEvent, 'timestamp'>, string>> = {
  id: 'zzzz-restoreproof-append',
  actor: 'restoreproof',
  actor_type: 'system',
  action: 'auth.login',
  resource_type: 'session',
  resource_id: 'append',
  details: '{"appended": 1.0}',
  event_category: 'auth',
};

const LAST_TIME = `'294276-12-31 23:59:59.999999+00'`;

/**
 * A subject by its description. What a description does not tell is not known: which events are refused, what exactly
 * is hashed, and how sessions append side by side.
 *
 * @param script the SQL of its files
 */
export function describedSubject(description: SubjectDescription, name: string, script: string): Subject {
  const { table, key, order, hash, previous_hash: previous, covered, head, verifier } = description;
  const [tampered = key] = covered;
  const walk = `ORDER BY ${order.join(', ')}`;
  return {
    name,
    traits: {
      tables: { events: bareName(table), head: bareName(description.head_table) },
      intake: undefined,
      order: 'insertion',
      hashes: 'utf8',
      names: 'qualified',
      triggers: 'origin',
      firstHead: 'timed',
      extension: undefined,
    },
    parts: {
      tables: {
        [table]: [key, ...order, hash, ...(previous === undefined ? [] : [previous]), ...covered].map(
          unquoted,
        ),
        [description.head_table]: [],
      },
      functions: [],
    },
    install: async (connection) => {
      if (script === '') throw installsNothing(name);
      await connection.query(script);
    },
    schemaSql: () => Promise.resolve(script),
    writing: templateOf(description.insert),
    recomputes: false,
    countQuery: `SELECT count(*)::text FROM ${table}`,
    headQuery: head,
    verifyQuery: verifier,
    chainQuery: `SELECT ${previous ?? 'NULL'}::text, ${hash}::text FROM ${table} ${walk}`,
    newChainWalk: () => {
      throw new Error('nothing is known of what is hashed');
    },
    hashesQuery: `SELECT ${hash}::text FROM ${table} ${walk}`,
    appendQuery: `${appendedBy(description)} RETURNING ${previous ?? 'NULL'}::text, ${hash}::text`,
    hashesOf: (row) => hashesOf(row, previous !== undefined),
    concurrent: undefined,
    middleIdQuery: `SELECT ${key}::text FROM ${table} ${walk} OFFSET (SELECT count(*) / 2 FROM ${table}) LIMIT 1`,
    forbidden: {
      UPDATE: `UPDATE ${table} SET ${key} = ${key} WHERE ${key}::text = $1`,
      DELETE: `DELETE FROM ${table} WHERE ${key}::text = $1`,
      TRUNCATE: `TRUNCATE ${table}`,
    },
    unguardQuery: `ALTER TABLE ${table} DISABLE TRIGGER USER`,
    // The lowest bit of a printable ASCII character; in place of another first character, one more.
    tamperQuery: `UPDATE ${table} SET ${tampered} = CASE WHEN ascii(${tampered}) BETWEEN 32 AND 126
      THEN overlay(${tampered} PLACING chr(ascii(${tampered}) # 1) FROM 1 FOR 1) ELSE ${tampered} || '.' END
      WHERE ${key}::text = $1`,
  };
}

function installsNothing(name: string): UsageError {
  return new UsageError({
    what: `the description of ${name} names no SQL files to install`,
    why: 'every trial is made in databases of its own',
    next: 'name them under `install`; snapshot, verify and drill do without',
  });
}

/** After all others where the verifier walks by time, and in any case at a time that does not change. */
function appendedBy({ insert, table, time }: SubjectDescription): string {
  const fixed = `'2026-01-01 00:00:00.000001+00'::timestamptz`;
  const last =
    time === undefined
      ? fixed
      : `(SELECT CASE WHEN max(${time}) >= ${LAST_TIME} THEN max(${time})
          ELSE coalesce(max(${time}) + interval '1 microsecond', ${fixed}) END FROM ${table})`;
  return filledIn(templateOf(insert), (field) =>
    field === 'timestamp' ? last : escapeLiteral(APPENDED[field]).trimStart(),
  );
}

function hashesOf([before, stored]: BinaryRow, linked: boolean) {
  const previous = before && before.length > 0 ? before.toString('latin1') : null;
  return {
    previous: linked ? previous : undefined,
    stored: stored?.toString('latin1') ?? '',
    recomputed: undefined,
  };
}

/** As pg_dump's options take it, and as the catalog has it. */
function bareName(table: string): string {
  return unquoted(table.slice(table.lastIndexOf('.') + 1));
}

function unquoted(name: string): string {
  return /^".*"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
}

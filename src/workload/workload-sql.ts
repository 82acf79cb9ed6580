import { escapeLiteral } from 'pg';
import { EVENT_FIELDS } from '../text/event-fields.ts';
import type { AuditEvent, Statement, Transaction, Workload } from '../case/case.ts';
import { copyField, runsOfEqualColumns } from './copy-events.ts';
import type { InsertTemplate } from '../subject/insert-template.ts';
import type { ColumnWriting, EventWriting } from '../subject/subject.ts';
import { columnValue, placeOf } from './event-columns.ts';

/**
 * A workload as a script for psql, which leaves the same rows behind as `applyWorkload`. psql has to be without
 * ON_ERROR_STOP: what the server refuses is undone, and the script goes on.
 */
export function workloadSql(workload: Workload, writing: EventWriting): string {
  const transactions = workload.transactions.map((transaction) => transactionSql(transaction, writing));
  const parts = [HEADER, sessionSql(workload.session), ...transactions];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const HEADER = `\\encoding UTF8
SET client_min_messages = warning;
SET standard_conforming_strings = on;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';

-- What the server refuses is undone, and the transaction goes on.
\\set ON_ERROR_STOP off
\\set ON_ERROR_ROLLBACK on`;

function sessionSql(session: Workload['session'] = {}): string {
  const settings = Object.entries(session).map(
    ([name, value]) => `SELECT set_config(${sqlLiteral(name)}, ${sqlLiteral(value)}, false) \\g /dev/null`,
  );
  return settings.length === 0 ? '' : ['-- The writing session.', ...settings].join('\n');
}

function transactionSql({ statements, end }: Transaction, writing: EventWriting): string {
  const written = statements.map((statement) => statementSql(statement, writing));
  return ['BEGIN;', ...written, end === 'rollback' ? 'ROLLBACK;' : 'COMMIT;'].join('\n');
}

function statementSql({ insert, savepoint, events }: Statement, writing: EventWriting): string {
  if ('texts' in writing) return undoneIn(templateSql(insert, events, writing), savepoint);
  const commands = insert === 'copy' ? copySql(events, writing) : insertSql(insert, events, writing);
  return undoneIn(commands, savepoint);
}

function undoneIn(commands: string, savepoint: Statement['savepoint']): string {
  if (savepoint === undefined) return commands;
  return ['SAVEPOINT undone;', commands, 'ROLLBACK TO undone;'].join('\n');
}

/** Each event by an INSERT of its own; of a statement that takes all or none, all are undone where one is refused. */
function templateSql(
  insert: Statement['insert'],
  events: readonly AuditEvent[],
  { texts, fields }: InsertTemplate,
): string {
  const inserts = events.map((event) => {
    const places = fields.map((field) => valueSql(columnValue(event, field)));
    return `${texts.map((text, index) => text + (places[index] ?? '')).join('')};`;
  });
  return insert === 'each' ? inserts.join('\n') : allOrNone(inserts);
}

function insertSql(
  insert: 'each' | 'together',
  events: readonly AuditEvent[],
  writing: ColumnWriting,
): string {
  const rows = events.map(
    (event) => `(${EVENT_FIELDS.map((column) => valueSql(columnValue(event, column))).join(', ')})`,
  );
  const groups = insert === 'each' ? rows : rows.length === 0 ? [] : [rows.join(',\n  ')];
  return groups.map((group) => `INSERT INTO ${placeOf(writing)} VALUES\n  ${group};`).join('\n');
}

function valueSql(value: string | null | undefined): string {
  if (value === undefined) return 'DEFAULT';
  return value === null ? 'NULL' : sqlLiteral(value);
}

/** A COPY names its columns once, so it may take several; where one of them is refused, all are undone. */
function copySql(events: readonly AuditEvent[], writing: ColumnWriting): string {
  const copies = runsOfEqualColumns(events).map(({ columns, run }) => {
    const lines = run.map((event) =>
      columns.map((column) => copyFieldSql(columnValue(event, column) ?? null)).join('\t'),
    );
    return [`COPY ${placeOf(writing, columns)} FROM stdin;`, ...lines, '\\.'].join('\n');
  });
  return allOrNone(copies);
}

/**
 * Commands that are all undone where one of them is refused. psql 15 does not say of a COPY that it failed (ERROR is false
 * and SQLSTATE 00000 after it, seen with 15.18; 13.16, 17.12 and 18.6 say it), and any psql takes the lines of a COPY
 * that is not begun for SQL: so it is told by a statement that only an aborted transaction refuses, and each command
 * finds a sound one.
 */
function allOrNone(commands: readonly string[]): string {
  if (commands.length < 2) return commands.join('\n');
  const tried = commands.map((command) => `${command}\n${UNDO_WHERE_ABORTED}`);
  return [
    '\\set refused off',
    '\\set ON_ERROR_ROLLBACK off',
    'SAVEPOINT together;',
    ...tried,
    '\\set ON_ERROR_ROLLBACK on',
    '\\if :refused\nROLLBACK TO together;\n\\endif',
    'RELEASE together;',
  ].join('\n');
}

const UNDO_WHERE_ABORTED = `SELECT 'not aborted' \\g /dev/null
\\if :ERROR
\\set refused on
ROLLBACK TO together;
\\endif`;

/** No script can hold the byte NUL; its escape is refused by the server like the byte. */
function copyFieldSql(value: string | null): string {
  return copyField(value).replaceAll('\0', '\\000');
}

/** A literal in which control characters are escaped, so that neither an editor nor a mail changes them. */
export function sqlLiteral(text: string): string {
  const literal = escapeLiteral(text).trimStart();
  const escaped = literal.replace(CONTROLS, (character) => NAMED[character] ?? octal(character));
  // Where there are backslashes in the text, escapeLiteral has doubled them and written the E.
  return escaped === literal || escaped.startsWith('E') ? escaped : `E${escaped}`;
}

// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\0-\x1f\x7f]/g;
const NAMED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

function octal(character: string): string {
  return `\\${(character.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`;
}

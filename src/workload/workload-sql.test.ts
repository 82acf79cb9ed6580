import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import type { AuditEvent, Statement, Workload } from '../case/case.ts';
import { drawWorkload } from '../case/draw-workload.ts';
import { drawWorkloadSwarm } from '../case/draw-workload-swarm.ts';
import { connect, libpqEnvironment, type ConnectionSettings } from '../postgres/connection.ts';
import { auditChain } from '../subject/audit-chain.ts';
import { testDatabase } from '../testing.ts';
import { applyWorkload } from './apply-workload.ts';
import { sqlLiteral, workloadSql } from './workload-sql.ts';

// Rows without a timestamp happen now, and their hashes with them.
const ROWS = `SELECT id, actor, actor_type, action, resource_type, resource_id, details::text, event_category,
  CASE WHEN "timestamp" > now() - interval '1 hour' AND "timestamp" <= now() THEN 'now' ELSE "timestamp"::text END AS at
  FROM audit_events ORDER BY id COLLATE "C"`;
const HEAD = 'SELECT row_hash FROM audit_chain_head';

async function runScript(settings: ConnectionSettings, sql: string): Promise<string> {
  const { pgBin, libraryPath } = inject('server');
  const { stderr } = await execa(`${pgBin}/psql`, ['--no-psqlrc', '--quiet'], {
    input: sql,
    env: {
      ...libpqEnvironment(settings),
      LC_ALL: 'C',
      ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
    },
  });
  return stderr;
}

/** What a workload leaves behind, by the harness and by psql. */
async function bothWays(workloads: readonly Workload[]) {
  await using one = await testDatabase();
  await using other = await testDatabase();
  await using written = await connect(one.settings);
  await using scripted = await connect(other.settings);
  await auditChain.install(written);
  await auditChain.install(scripted);
  const pairs = [];
  for (const workload of workloads) {
    await applyWorkload(written, workload, auditChain.writing);
    const stderr = await runScript(other.settings, workloadSql(workload, auditChain.writing));
    const [ours, theirs] = await Promise.all([written, scripted].map(readAndEmpty));
    pairs.push({ ours, theirs, stderr, workload });
  }
  return pairs;
}

async function readAndEmpty(connection: Awaited<ReturnType<typeof connect>>) {
  const { rows } = await connection.query<{ at: string }>(ROWS);
  const head = await connection.query<{ row_hash: string }>(HEAD);
  await connection.query(`TRUNCATE audit_events; UPDATE audit_chain_head SET row_hash = ''`);
  const fixed = rows.every(({ at }) => at !== 'now');
  return { rows, head: fixed ? head.rows[0]?.row_hash : 'of now' };
}

const HURTS = [
  `it's "quoted"`,
  'back\\slash \\\\ \\n \\. \\N',
  'two\nlines\r\nand a tab\t, \b\f\v\x1f\x7f',
  '\\.',
  'a\n\\.\nb',
  ':id :"id" :\'id\' \\gexec $$ $a$ -- /* */ ;',
  '\u{feff}\u202e\u2028 é é \u{1f600}',
  ' blanks ',
  '',
];

function hurting(insert: Statement['insert']): Workload {
  const events = HURTS.map((text, index): AuditEvent => ({
    id: `${index} ${text}`,
    actor: text,
    actor_type: 'user',
    action: text,
    resource_type: text,
    resource_id: text,
    details: JSON.stringify({ [text]: text }),
    timestamp: { at: String(index) },
    event_category: index % 2 === 0 ? null : 'auth',
  }));
  return { transactions: [{ statements: [{ insert, events }] }] };
}

describe('psql does with the script what the harness does', () => {
  test('to texts that hurt: the same head', async () => {
    const pairs = await bothWays((['each', 'together', 'copy'] as const).map(hurting));
    for (const { ours, theirs, stderr } of pairs) {
      expect(theirs).toEqual(ours);
      expect(ours?.rows).toHaveLength(HURTS.length);
      expect(stderr).toBe('');
    }
  });

  test('to one of several copies that is refused: none of them leaves a row', async () => {
    const [event] = hurting('each').transactions[0]?.statements[0]?.events ?? [];
    const { event_category: _, ...short } = { ...(event as AuditEvent), details: null };
    const whole = { ...short, event_category: 'auth' };
    const copy = (events: readonly AuditEvent[]): Workload => {
      const numbered = events.map((one, index) => ({ ...one, id: `${index}` }));
      const after = { insert: 'copy', events: [{ ...whole, id: 'after' }] } as const;
      return { transactions: [{ statements: [{ insert: 'copy', events: numbered }, after] }] };
    };
    const refused = { ...short, details: '{' };
    for (const { ours, theirs } of await bothWays([
      copy([refused, whole]),
      copy([whole, refused]),
      copy([whole, refused, whole]),
    ])) {
      expect(ours?.rows).toHaveLength(1);
      expect(theirs).toEqual(ours);
    }
  });

  test.each([1, 2])('to generated workloads, seed %i', async (seed) => {
    const drawn = drawWorkloadSwarm().chain((swarm) => drawWorkload(swarm, { maxRows: 12 }));
    for (const { ours, theirs, stderr, workload } of await bothWays(
      fc.sample(drawn, { seed, numRuns: 40 }),
    )) {
      expect(theirs, `${stderr}\n${JSON.stringify(workload).slice(0, 3000)}`).toEqual(ours);
    }
  });
});

describe('a literal', () => {
  test.each([
    [`it's`, `'it''s'`],
    ['a\\b', String.raw`E'a\\b'`],
    ['a\nb\0', String.raw`E'a\nb\000'`],
    ['a\\\t1', String.raw`E'a\\\t1'`],
    ['é', `'é'`],
  ])('of %j', (text, literal) => {
    expect(sqlLiteral(text)).toBe(literal);
  });
});

test('a script tells its transactions', () => {
  const event = hurting('each').transactions[0]?.statements[0]?.events[0];
  const events = event ? [{ ...event, id: '1' }] : [];
  const script = workloadSql(
    {
      session: { TimeZone: `a'b` },
      transactions: [{ end: 'rollback', statements: [{ insert: 'copy', savepoint: 'rollback', events }] }],
    },
    auditChain.writing,
  );
  expect(script).toContain(`set_config('TimeZone', 'a''b', false)`);
  expect(script).toMatch(
    /^BEGIN;\nSAVEPOINT undone;\nCOPY .* FROM stdin;\n1\t.*\n\\\.\nROLLBACK TO undone;\nROLLBACK;$/m,
  );
});

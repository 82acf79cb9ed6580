import { describe, expect, test } from 'vitest';
import type { AuditEvent, Case } from '../../case/case.ts';
import { smokeCase } from '../../case/smoke-case.ts';
import { shrink } from './shrink.ts';
import { simplerDetails, simplerTexts } from './simpler-texts.ts';

/** A case with everything in it. */
function fullCase(): Case {
  const { workload } = smokeCase(40);
  const events = workload.transactions.flatMap(({ statements }) => statements.flatMap((each) => each.events));
  const unusual = events.map((event, index) => ({
    ...event,
    actor: `ąctör ${index} "quoted"`,
    details: `{"n": [${index}, {"deep": true}], "text": "ä"}`,
    timestamp: { at: event.timestamp?.at ?? '0', written: 'somewhere else' },
  }));
  return {
    format: 'restoreproof.case/v1',
    workload: {
      session: { TimeZone: 'Asia/Kolkata' },
      transactions: [
        { statements: [{ insert: 'copy', events: unusual.slice(0, 10) }] },
        { end: 'rollback', statements: [{ insert: 'together', events: unusual.slice(10, 12) }] },
        { statements: [{ insert: 'each', savepoint: 'rollback', events: unusual.slice(12, 20) }] },
        { statements: [{ insert: 'together', events: unusual.slice(20) }] },
      ],
    },
    dump: {
      format: 'directory',
      jobs: 3,
      compress: '5',
      rows: 7,
      options: ['--no-sync', '--no-owner', '--no-comments'],
      environment: { PGTZ: 'UTC', TZ: 'Asia/Tokyo' },
    },
    restore: {
      tool: 'script',
      single_transaction: true,
      options: ['--no-acl'],
      environment: { PGTZ: 'UTC' },
    },
    target: { kind: 'fresh', encoding: 'LATIN1', settings: { DateStyle: 'German', TimeZone: 'Asia/Tokyo' } },
  };
}

function eventsOf({ workload }: Case): AuditEvent[] {
  return workload.transactions.flatMap(({ statements }) => statements.flatMap(({ events }) => events));
}

async function shrunkBy(fails: (trial: Case) => boolean) {
  const start = fullCase();
  expect(fails(start)).toBe(true);
  return shrink(start, { fails: async (trial) => fails(trial), budgetMilliseconds: 30_000 });
}

const NOTHING = { format: 'restoreproof.case/v1', dump: { format: 'custom' }, target: { kind: 'wiped' } };

describe('what does not matter goes away', () => {
  test('all of it, where every case fails', async () => {
    const { trial, end, trials } = await shrunkBy(() => true);
    expect(trial).toEqual({ ...NOTHING, restore: { tool: 'pg_restore' }, workload: { transactions: [] } });
    expect(end).toBe('minimal');
    expect(trials).toBeLessThan(20);
  });

  test('a fault of microseconds ends in one row whose only unusual value is its timestamp', async () => {
    const { trial, trials } = await shrunkBy((candidate) =>
      eventsOf(candidate).some(({ timestamp }) => BigInt(timestamp?.at ?? 0) % 1_000_000n !== 0n),
    );
    const [event, ...others] = eventsOf(trial);
    expect(others).toEqual([]);
    expect(event).toEqual({
      id: 'e-000000',
      actor: 'a',
      actor_type: 'user',
      action: 'auth.login',
      resource_type: 'session',
      resource_id: 's',
      details: null,
      timestamp: { at: '946684800000001' },
    });
    expect(trial).toMatchObject(NOTHING);
    expect(trial.workload).toEqual({ transactions: [{ statements: [{ insert: 'each', events: [event] }] }] });
    expect(trials).toBeLessThan(40);
  });

  test('a time that the clock gave becomes a fixed one, which replays the same', async () => {
    const { workload, ...plans } = smokeCase(3);
    const [event] = eventsOf({ workload, ...plans });
    const { timestamp: _, ...clocked } = event as AuditEvent;
    const start: Case = {
      ...plans,
      workload: { transactions: [{ statements: [{ insert: 'each', events: [clocked] }] }] },
    };
    const microseconds = ({ timestamp }: AuditEvent): boolean =>
      timestamp === undefined || BigInt(timestamp.at ?? 0) % 1_000_000n !== 0n;
    const { trial } = await shrink(start, {
      fails: async (candidate) => eventsOf(candidate).some(microseconds),
      budgetMilliseconds: 30_000,
    });
    expect(eventsOf(trial).map(({ timestamp }) => timestamp)).toEqual([{ at: '946684800000001' }]);
  });

  test('two options that need each other stay, and nothing else', async () => {
    const { trial } = await shrunkBy(
      ({ dump, restore }) =>
        dump.options?.includes('--no-owner') === true && restore.environment?.['PGTZ'] === 'UTC',
    );
    expect(trial.dump).toEqual({ format: 'custom', options: ['--no-owner'] });
    expect(trial.restore).toEqual({ tool: 'pg_restore', environment: { PGTZ: 'UTC' } });
    expect(eventsOf(trial)).toEqual([]);
  });

  test('one setting of the target stays', async () => {
    const { trial } = await shrunkBy(
      ({ target }) => target.kind === 'fresh' && target.settings?.['DateStyle'] === 'German',
    );
    expect(trial.target).toEqual({ kind: 'fresh', settings: { DateStyle: 'German' } });
  });

  test('a fault that needs two rows keeps two', async () => {
    const { trial } = await shrunkBy((candidate) => eventsOf(candidate).length >= 2);
    expect(eventsOf(trial)).toHaveLength(2);
  });

  test('one character of a text stays', async () => {
    const { trial } = await shrunkBy((candidate) =>
      eventsOf(candidate).some(({ actor }) => actor.includes('ö')),
    );
    expect(eventsOf(trial).map(({ actor }) => actor)).toEqual(['ö']);
  });

  test('a rolled back transaction stays where it is what matters', async () => {
    const { trial } = await shrunkBy(({ workload }) =>
      workload.transactions.some(({ end }) => end === 'rollback'),
    );
    expect(trial.workload.transactions.map(({ end }) => end)).toEqual(['rollback']);
  });
});

test('the budget ends it, with the smallest case so far', async () => {
  const result = await shrink(fullCase(), { fails: async () => true, budgetMilliseconds: -1 });
  expect(result).toMatchObject({ trials: 0, end: 'budget' });
});

test('an interruption ends it', async () => {
  const signal = AbortSignal.abort();
  const result = await shrink(fullCase(), { fails: async () => true, budgetMilliseconds: 1000, signal });
  expect(result).toMatchObject({ trials: 0, end: 'interrupted' });
});

test('a minimal case stays as it is', async () => {
  const minimal = (await shrunkBy(() => true)).trial;
  const again = await shrink(minimal, { fails: async () => false, budgetMilliseconds: 1000 });
  expect(again.trial).toEqual(minimal);
});

test('texts lose characters, never halves of one', () => {
  for (const text of simplerTexts('a😀b', 'a')) expect(text.isWellFormed()).toBe(true);
  expect([...simplerTexts('xy', 'a')]).toEqual(['y', 'x', 'ay', 'xa']);
});

test('details lose parts, but a number that JavaScript cannot hold is not touched', () => {
  expect([...simplerDetails('{"a": 1, "b": [2]}')]).toEqual(['{}', '1', '[2]', '{"b":[2]}', '{"a":1}']);
  expect([...simplerDetails('{"a": 1.00}')]).toEqual(['{}']);
  expect([...simplerDetails('9007199254740993')]).toEqual(['{}']);
});

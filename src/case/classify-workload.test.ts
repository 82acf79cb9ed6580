import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyWorkload, WORKLOAD_CLASSES } from './classify-workload.ts';
import { drawWorkload } from './draw-workload.ts';
import { drawWorkloadSwarm } from './draw-workload-swarm.ts';
import { auditChain } from '../subject/audit-chain.ts';

test('every class occurs within 600 draws, and no label is unknown', () => {
  const drawn = drawWorkloadSwarm().chain((swarm) => drawWorkload(swarm));
  const labels = new Set(
    fc
      .sample(drawn, { seed: 1, numRuns: 600 })
      .flatMap((workload) => classifyWorkload(workload, auditChain.traits)),
  );
  expect(WORKLOAD_CLASSES.filter((label) => !labels.has(label))).toEqual([]);
  expect([...labels].filter((label) => !WORKLOAD_CLASSES.includes(label))).toEqual([]);
});

test('the labels of a workload written by hand', () => {
  const event = {
    id: '1',
    actor: 'a|b',
    actor_type: '😀',
    action: '',
    resource_type: 'it\\.',
    resource_id: 's',
    details: '{"a":1.0,"a":[-0]}',
    timestamp: { at: '1772955000000000', written: '2026-03-08 02:30:00' },
  };
  const session = { TimeZone: 'America/New_York', DateStyle: 'SQL, DMY' };
  expect(
    classifyWorkload(
      { session, transactions: [{ statements: [{ insert: 'copy', events: [event] }] }] },
      auditChain.traits,
    ),
  ).toEqual([
    'category:default',
    'datestyle:SQL, DMY',
    'details:duplicate-keys',
    'details:negative-zero',
    'details:nested',
    'details:scale',
    'insert:copy',
    'order:valid',
    'repertoire:unicode',
    'rows:1',
    'text:astral',
    'text:backslash',
    'text:beyond-latin1',
    'text:copy-end',
    'text:empty',
    'text:pipe',
    'timestamp:gap',
    'timestamp:whole-second',
    'transaction:one-row',
    'written:local',
    'zone:region',
  ]);
});

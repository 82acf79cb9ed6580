import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEvent, Workload } from './case.ts';
import { drawWorkload } from './draw-workload.ts';
import { drawWorkloadSwarm } from './draw-workload-swarm.ts';
import { expectedEffect } from './expected-effect.ts';
import { auditChain } from '../subject/audit-chain.ts';

const drawn = drawWorkloadSwarm().chain((swarm) => fc.tuple(fc.constant(swarm), drawWorkload(swarm)));
const workloads = fc.sample(drawn, { seed: 1, numRuns: 400 });

function eventsOf({ transactions }: Workload): AuditEvent[] {
  return transactions.flatMap(({ statements }) => statements.flatMap(({ events }) => events));
}

test('the same seed gives the same workloads, byte for byte, and they survive JSON', () => {
  const again = fc.sample(drawn, { seed: 1, numRuns: 400 });
  for (const [index, [, workload]] of workloads.entries()) {
    const json = JSON.stringify(workload);
    expect(JSON.stringify(again[index]?.[1])).toBe(json);
    expect(JSON.parse(json)).toStrictEqual(workload);
    expect(json.isWellFormed() && !/\\ud[89a-f]/.test(json.replaceAll('\\\\', ''))).toBe(true);
  }
});

test('the order is valid wherever the swarm does not say otherwise, and mostly invalid where it does', () => {
  const invalid = workloads.filter(
    ([, workload]) => expectedEffect(workload, auditChain.traits).order === 'invalid',
  );
  expect(invalid.filter(([swarm]) => !swarm.invalidOrder)).toEqual([]);
  expect(invalid.length).toBeGreaterThan(3);
});

test('rows of equal time have numbered ids of one width, which any collation orders alike', () => {
  const shapes = workloads.map(([, workload]) => {
    const byTime = new Map<string, Set<string>>();
    for (const { id, timestamp } of expectedEffect(workload, auditChain.traits).accepted) {
      const at = timestamp?.at ?? 'now';
      byTime.set(at, (byTime.get(at) ?? new Set()).add(id));
    }
    const tied = [...byTime.values()].filter((ids) => ids.size > 1).flatMap((ids) => [...ids]);
    return new Set(tied.map((id) => id.replace(/\d{4,}$/, (digits) => `${digits.length} digits`)));
  });
  expect(shapes.filter((shape) => shape.size > 1)).toEqual([]);
  expect(new Set(shapes.flatMap((shape) => [...shape])).size).toBe(3);
});

test('numbers of rows: 0, 1, 2 and 24 often, never more than asked for', () => {
  const sizes = workloads.map(([, workload]) => eventsOf(workload).length);
  for (const often of [0, 1, 2, 24]) {
    expect(sizes.filter((size) => size === often).length).toBeGreaterThan(workloads.length / 20);
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(60);
  for (const maxRows of [0, 3, 2000]) {
    const other = fc.sample(
      drawWorkloadSwarm().chain((swarm) => drawWorkload(swarm, { maxRows })),
      { seed: 1, numRuns: 15 },
    );
    const most = Math.max(...other.map((workload) => eventsOf(workload).length));
    expect(most).toBeLessThanOrEqual(maxRows);
    expect(most).toBeGreaterThanOrEqual(Math.min(maxRows, 500));
  }
});

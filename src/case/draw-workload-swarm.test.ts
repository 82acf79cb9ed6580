import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawWorkloadSwarm } from './draw-workload-swarm.ts';

const swarms = fc.sample(drawWorkloadSwarm(), { seed: 1, numRuns: 2000 });

function share(holds: (swarm: (typeof swarms)[number]) => boolean): number {
  return swarms.filter(holds).length / swarms.length;
}

test('rare things are rare, and happen', () => {
  expect(share((swarm) => swarm.invalidOrder)).toBeCloseTo(0.03, 1);
  expect(share((swarm) => swarm.invalidOrder)).toBeGreaterThan(0.01);
  expect(share((swarm) => swarm.faults)).toBeCloseTo(0.15, 1);
  expect(share((swarm) => swarm.details.includes('big'))).toBeLessThan(0.1);
});

test('most swarms do without most things', () => {
  expect(share((swarm) => swarm.texts.length === 0)).toBeGreaterThan(0.2);
  expect(share((swarm) => swarm.times.length === 0)).toBeGreaterThan(0.15);
  expect(share((swarm) => swarm.texts.length > 10)).toBeGreaterThan(0.1);
  expect(share((swarm) => swarm.inserts.length === 0)).toBe(0);
});

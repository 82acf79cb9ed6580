import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { INTERRUPTIONS, type AuditEvent, type Case, type Interruption } from './case.ts';
import { oneOf } from './chance.ts';

const PARTS = 1_000_000;

/** A case with an interruption of its dump or its restore; what is drawn of it may be changed so that it can strike. */
export function drawInterruption(trial: Case): fc.Arbitrary<Case> {
  return fc
    .tuple(
      oneOf(INTERRUPTIONS),
      oneOf<Interruption['during']>(['dump', 'restore']),
      fc.noBias(fc.nat({ max: PARTS - 1 })),
    )
    .map(([kind, during, part]) => withInterruption(trial, { kind, during, at: part / PARTS }));
}

/** The case, changed where nothing could be interrupted otherwise. */
export function withInterruption(trial: Case, interruption: Interruption): Case {
  const { kind, during } = interruption;
  const disturbed = { ...trial, disturbance: { interruption } };
  // A server that was stopped has forgotten the run's lock, without which no database is made.
  if (kind === 'server-stopped') return { ...disturbed, target: { kind: 'wiped' } };
  const filling = kind === 'disk-full' && during === 'restore';
  return filling ? { ...disturbed, workload: largeWorkload() } : disturbed;
}

const LARGE_EVENTS = 24;
const LARGE_CHARACTERS = 90_000;

/** Rows that are longer than any of the server's own files: text that does not compress. */
function largeWorkload(): Case['workload'] {
  const events = Array.from({ length: LARGE_EVENTS }, (_, index): AuditEvent => ({
    // Rows of one moment are in the order of their ids.
    id: `large-${String(index).padStart(2, '0')}`,
    actor: 'disk',
    actor_type: 'system',
    action: 'disk.fill',
    resource_type: 'disk',
    resource_id: String(index),
    details: JSON.stringify({ noise: noise(index) }),
  }));
  return { transactions: [{ statements: [{ insert: 'each', events }] }] };
}

function noise(seed: number): string {
  let text = '';
  for (let block = 0; text.length < LARGE_CHARACTERS; block++)
    text += createHash('sha256').update(`${seed} ${block}`).digest('base64');
  return text;
}

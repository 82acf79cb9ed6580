import * as fc from 'fast-check';
import type { AuditEvent } from './case.ts';
import { drawDetails, type DetailsSwarm } from './draw-details.ts';
import { drawText } from './draw-text.ts';

/** What an event is about; its id and its time come from its place in the workload. */
export type EventBody = Omit<AuditEvent, 'id' | 'timestamp'>;

const ACTIONS = [
  'certificate.issue',
  'certificate.renew',
  'certificate.revoke',
  'certificate.expire',
  'auth.login',
  'auth.logout',
  'auth.failed',
  'config.update',
];
const CATEGORIES = ['cert_lifecycle', 'auth', 'config', null, undefined] as const;

/** An event as an application writes it, and now and then one whose texts are whatever the swarm allows. */
export function drawEventBody(swarm: DetailsSwarm): fc.Arbitrary<EventBody> {
  const free = swarm.texts.length > 0;
  const column = (usual: readonly string[], limit: number): fc.Arbitrary<string> => {
    const known = fc.constantFrom(...usual);
    return free
      ? fc.oneof({ weight: 1, arbitrary: known }, { weight: 2, arbitrary: drawText(swarm, limit) })
      : known;
  };
  return fc
    .record({
      actor: column(['scheduler', 'operator@example.org', 'acme-client'], 255),
      actor_type: column(['system', 'user', 'service'], 50),
      action: column(ACTIONS, 255),
      resource_type: column(['certificate', 'session', 'setting'], 255),
      resource_id: column(['certificate-000001', 'session-7', 'retention.days'], 255),
      details: drawDetails(swarm),
      event_category: fc.constantFrom(...CATEGORIES),
    })
    .map(({ event_category: category, ...body }) =>
      category === undefined ? body : Object.assign(body, { event_category: category }),
    );
}

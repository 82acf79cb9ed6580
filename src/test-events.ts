import type { AuditEvent } from './case/case.ts';

/** An event of which a test says only what it is about. */
export function eventOf(id: string, change: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id,
    actor: 'a',
    actor_type: 'user',
    action: 'auth.login',
    resource_type: 'session',
    resource_id: 's',
    details: null,
    timestamp: { at: '0' },
    ...change,
  };
}

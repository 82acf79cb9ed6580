import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const fieldsShifted: Mutant = {
  id: 'fields-shifted',
  what: 'A bar moved from one field into the next, which the chain’s hash does not tell apart.',
  strikes: 'rows',
  needs: {
    events: someEvent(
      ({ actor, resource_type: type, resource_id: id }) =>
        /^[^|]+\|[^|]{1,25}$/.test(actor) && type.length + id.length < 255,
    ),
  },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET actor = split_part(actor, '|', 1), actor_type = split_part(actor, '|', 2),
      action = actor_type, resource_type = action, resource_id = resource_type || '|' || resource_id
      WHERE actor ~ '^[^|]+[|][^|]{1,50}$' AND char_length(resource_type || resource_id) < 255`),
  },
};

/** The fields of an event, in the order in which they are written; the built-in audit chain calls its columns so. */
export const EVENT_FIELDS = [
  'id',
  'actor',
  'actor_type',
  'action',
  'resource_type',
  'resource_id',
  'details',
  'timestamp',
  'event_category',
] as const;

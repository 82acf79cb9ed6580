/** The id of the first row in the verifier's order, as SQL. */
export const FIRST = '(SELECT id FROM audit_events ORDER BY "timestamp", id LIMIT 1)';
/** The id of the last one. */
export const LAST = '(SELECT id FROM audit_events ORDER BY "timestamp" DESC, id DESC LIMIT 1)';
/** The id of one between them, where there are three. */
export const MIDDLE = `(SELECT id FROM audit_events ORDER BY "timestamp", id
    OFFSET (SELECT count(*) / 2 FROM audit_events) LIMIT 1)`;
/** The id of one that others follow, as far from both ends as can be: of two the first. */
export const FOLLOWED = `(SELECT id FROM audit_events ORDER BY "timestamp", id
    OFFSET (SELECT (count(*) - 1) / 2 FROM audit_events) LIMIT 1)`;

/** The head row has the last row's hash. */
export const MOVE_HEAD = `UPDATE audit_chain_head SET row_hash = coalesce(
    (SELECT row_hash FROM audit_events ORDER BY "timestamp" DESC, id DESC LIMIT 1), '')`;

/** Every row is hashed and linked anew, as the trigger would have done it. */
export const RECHAIN = `DO $rechain$
    DECLARE
      event audit_events%ROWTYPE;
      previous text := NULL;
      hash text;
    BEGIN
      FOR event IN SELECT * FROM audit_events ORDER BY "timestamp", id LOOP
        hash := encode(digest(audit_events_canonical_payload(previous, event.id, event.actor, event.actor_type,
          event.action, event.resource_type, event.resource_id, event.details, event."timestamp",
          event.event_category), 'sha256'), 'hex');
        UPDATE audit_events SET prev_hash = previous, row_hash = hash WHERE id = event.id;
        previous := hash;
      END LOOP;
    END
    $rechain$`;

/** One more event, appended as anybody would, a microsecond after the last one; where time ends, at the same time. */
export const APPEND = `INSERT INTO audit_events
      (id, actor, actor_type, action, resource_type, resource_id, "timestamp", event_category)
    SELECT 'zzzz-added', 'somebody', 'user', 'auth.login', 'session', 'added',
      CASE WHEN max("timestamp") >= '294276-12-31 23:59:59.999999+00' THEN max("timestamp")
        ELSE coalesce(max("timestamp") + interval '1 microsecond', '2026-01-01 00:00+00') END, 'auth'
    FROM audit_events`;

/** The id of the last row in the verifier's order, as SQL. */
export const LAST = '(SELECT id FROM audit_events ORDER BY "timestamp" DESC, id DESC LIMIT 1)';

-- The built-in subject: an append-only audit trail whose rows are chained by SHA-256.
-- Functions pin no search_path and name their tables and pgcrypto's digest() unqualified, as the
-- guarded installations do: what a restore makes of that has to show here too.

CREATE EXTENSION IF NOT EXISTS pgcrypto;

CREATE TABLE audit_events (
    id             text PRIMARY KEY,
    actor          varchar(255) NOT NULL,
    actor_type     varchar(50)  NOT NULL,
    action         varchar(255) NOT NULL,
    resource_type  varchar(255) NOT NULL,
    resource_id    varchar(255) NOT NULL,
    details        jsonb,
    "timestamp"    timestamptz  NOT NULL DEFAULT now(),
    event_category text         DEFAULT 'cert_lifecycle'
        CONSTRAINT audit_events_event_category_check
        CHECK (event_category IN ('cert_lifecycle', 'auth', 'config')),
    prev_hash      text,
    row_hash       text NOT NULL
);

CREATE INDEX idx_audit_events_timestamp ON audit_events ("timestamp");
CREATE INDEX idx_audit_events_actor     ON audit_events (actor);
CREATE INDEX idx_audit_events_action    ON audit_events (action);
CREATE INDEX idx_audit_events_resource  ON audit_events (resource_type, resource_id);
CREATE INDEX idx_audit_events_category  ON audit_events (event_category);

-- Write once, read many: rows are only ever added.

CREATE FUNCTION audit_events_worm() RETURNS trigger
LANGUAGE plpgsql AS $worm$
BEGIN
    RAISE EXCEPTION 'audit_events is append-only: % is not allowed', TG_OP;
END
$worm$;

CREATE TRIGGER audit_events_worm_trigger
    BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_worm();

-- The chain: one row holds the newest hash, every insert locks it, hashes over it and moves it on.

CREATE TABLE audit_chain_head (
    id         integer PRIMARY KEY DEFAULT 1
        CONSTRAINT audit_chain_head_single_row CHECK (id = 1),
    row_hash   text        NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO audit_chain_head (id) VALUES (1);

CREATE FUNCTION audit_events_canonical_payload(
    p_prev_hash      text,
    p_id             text,
    p_actor          text,
    p_actor_type     text,
    p_action         text,
    p_resource_type  text,
    p_resource_id    text,
    p_details        jsonb,
    p_timestamp      timestamptz,
    p_event_category text
) RETURNS text
LANGUAGE sql STABLE AS $payload$
    SELECT coalesce(p_prev_hash, '')
        || '|' || p_id
        || '|' || p_actor
        || '|' || p_actor_type
        || '|' || p_action
        || '|' || p_resource_type
        || '|' || p_resource_id
        || '|' || coalesce(p_details::text, '')
        || '|' || to_char(p_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '|' || coalesce(p_event_category, '')
$payload$;

CREATE FUNCTION audit_events_hash_chain() RETURNS trigger
LANGUAGE plpgsql AS $chain$
DECLARE
    head text;
BEGIN
    SELECT row_hash INTO head FROM audit_chain_head WHERE id = 1 FOR UPDATE;

    NEW.prev_hash := nullif(head, '');
    NEW.row_hash := encode(
        digest(
            audit_events_canonical_payload(
                NEW.prev_hash, NEW.id, NEW.actor, NEW.actor_type, NEW.action, NEW.resource_type,
                NEW.resource_id, NEW.details, NEW."timestamp", NEW.event_category
            ),
            'sha256'
        ),
        'hex'
    );

    UPDATE audit_chain_head SET row_hash = NEW.row_hash, updated_at = now() WHERE id = 1;
    RETURN NEW;
END
$chain$;

CREATE TRIGGER audit_events_hash_chain_trigger
    BEFORE INSERT ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_hash_chain();

-- Walks all rows in (timestamp, id) order and stops at the first one whose link or hash is wrong.
-- Clean: NULL, -1, number of rows. Broken: the row's id, its 0-based position, rows walked with it included.

CREATE FUNCTION audit_events_verify_chain(
    OUT first_break_id  text,
    OUT first_break_pos integer,
    OUT row_count       integer
)
LANGUAGE plpgsql STABLE AS $verify$
DECLARE
    event    audit_events%ROWTYPE;
    expected text := NULL;
BEGIN
    first_break_id := NULL;
    first_break_pos := -1;
    row_count := 0;

    FOR event IN SELECT * FROM audit_events ORDER BY "timestamp", id LOOP
        row_count := row_count + 1;
        IF event.prev_hash IS DISTINCT FROM expected
            OR event.row_hash IS DISTINCT FROM encode(
                digest(
                    audit_events_canonical_payload(
                        event.prev_hash, event.id, event.actor, event.actor_type, event.action,
                        event.resource_type, event.resource_id, event.details, event."timestamp",
                        event.event_category
                    ),
                    'sha256'
                ),
                'hex'
            )
        THEN
            first_break_id := event.id;
            first_break_pos := row_count - 1;
            RETURN;
        END IF;
        expected := event.row_hash;
    END LOOP;
END
$verify$;

/** Tables beside the trail, with what it has none of: identities, sequences, a foreign key. */
export const ANNEX = `CREATE TABLE audit_export (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      number serial,
      label text NOT NULL
    );
    CREATE TABLE audit_export_line (
      export bigint NOT NULL REFERENCES audit_export,
      line integer NOT NULL,
      CONSTRAINT audit_export_line_once UNIQUE (export, line)
    );
    INSERT INTO audit_export (label) VALUES ('first'), ('second'), ('third');
    INSERT INTO audit_export_line VALUES (1, 1), (1, 2), (3, 1);
    CREATE SEQUENCE audit_ticket START 100;
    SELECT nextval('audit_ticket'), nextval('audit_ticket')`;

/** A trigger on the annex that fires always, on replicas too. */
export const GUARD = `CREATE TRIGGER audit_export_guard BEFORE DELETE ON audit_export
      FOR EACH ROW EXECUTE FUNCTION audit_events_worm();
    ALTER TABLE audit_export ENABLE ALWAYS TRIGGER audit_export_guard`;

/** Row-level security on the annex. */
export const POLICY = `ALTER TABLE audit_export ENABLE ROW LEVEL SECURITY;
    CREATE POLICY audit_export_own ON audit_export USING (label = current_user)`;

/** The annex belongs to a role that every server has. */
export const OWNED = 'ALTER TABLE audit_export OWNER TO pg_monitor';

/** Privileges of a role that every server has, and one that nobody else is to have. */
export const READERS = `GRANT SELECT ON audit_events, audit_chain_head TO pg_monitor;
    GRANT UPDATE (row_hash) ON audit_chain_head TO pg_monitor;
    REVOKE EXECUTE ON FUNCTION audit_events_verify_chain() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION audit_events_verify_chain() TO pg_monitor;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO pg_monitor`;

/** A function of the extension that not everybody may call. */
export const GUARDED_EXTENSION = `REVOKE EXECUTE ON FUNCTION digest(text, text) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION digest(text, text) TO pg_monitor`;

/** A trigger that completes each event before it is hashed: triggers fire in the order of their names. */
export const STAMPING = `CREATE FUNCTION audit_events_stamp() RETURNS trigger LANGUAGE plpgsql AS $stamp$
      BEGIN
        NEW.details := coalesce(NEW.details, '{}') || '{"stamped": true}';
        RETURN NEW;
      END $stamp$;
    CREATE TRIGGER audit_events_a_stamp BEFORE INSERT ON audit_events
      FOR EACH ROW EXECUTE FUNCTION audit_events_stamp()`;

/** A search_path of a function's own. */
export const PINNED = 'ALTER FUNCTION audit_events_worm() SET search_path = public, pg_temp';

export const COMMENTED = `COMMENT ON TABLE audit_events IS 'append-only'`;

/** A large object. */
export const EVIDENCE = `SELECT lo_from_bytea(0, 'evidence')`;

-- At least one object of every catalog kind, for catalog.test.ts.
-- :owner and :guest stand for two roles, :superuser for the role that runs it. Needs PostgreSQL 15, for the column list of a publication.

CREATE SCHEMA app AUTHORIZATION :owner;
CREATE SCHEMA other;
GRANT USAGE ON SCHEMA app TO :guest;
COMMENT ON SCHEMA app IS 'the application''s';
CREATE EXTENSION pgcrypto SCHEMA app;
CREATE EXTENSION pg_trgm SCHEMA public;

ALTER DEFAULT PRIVILEGES FOR ROLE :owner IN SCHEMA app GRANT SELECT ON TABLES TO :guest WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE :owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TYPE app.status AS ENUM ('new', 'it''s open', 'done');
ALTER TYPE app.status ADD VALUE 'waiting' BEFORE 'done';
CREATE DOMAIN app.positive AS integer DEFAULT 1 NOT NULL CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE TYPE app.pair AS (first integer, second varchar(10) COLLATE "C");
SET SESSION AUTHORIZATION :owner;
CREATE TYPE app.span AS RANGE (subtype = timestamptz);
RESET SESSION AUTHORIZATION;
CREATE COLLATION app.bytewise (locale = 'C');
REVOKE USAGE ON TYPE app.status FROM PUBLIC;

CREATE TABLE app.audit_events (
    id text PRIMARY KEY,
    dropped integer,
    actor varchar(255) NOT NULL,
    details jsonb,
    "timestamp" timestamptz NOT NULL DEFAULT now(),
    category text DEFAULT 'auth' CONSTRAINT category_check CHECK (category IN ('auth', 'config')),
    status app.status DEFAULT 'new',
    seq bigint GENERATED ALWAYS AS IDENTITY (START 10),
    upper_actor text COLLATE "C" GENERATED ALWAYS AS (upper(actor)) STORED,
    number serial,
    CONSTRAINT seq_unique UNIQUE (seq) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off);
ALTER TABLE app.audit_events DROP COLUMN dropped;
ALTER TABLE app.audit_events ALTER COLUMN details SET STORAGE EXTERNAL, ALTER COLUMN details SET COMPRESSION pglz,
    ALTER COLUMN actor SET STATISTICS 500, ALTER COLUMN actor SET (n_distinct = 42);
CREATE INDEX by_time ON app.audit_events ("timestamp" DESC) WHERE category = 'auth';
CREATE INDEX by_lower_actor ON app.audit_events (lower(actor));
ALTER INDEX app.by_lower_actor ALTER COLUMN 1 SET STATISTICS 300;
CREATE UNIQUE INDEX by_actor ON app.audit_events (actor, id);
ALTER TABLE app.audit_events CLUSTER ON by_lower_actor, REPLICA IDENTITY USING INDEX by_actor;
INSERT INTO app.audit_events (id, actor) SELECT i, 'someone' FROM generate_series(1, 5) AS i;

CREATE TABLE app.audit_chain_head (
    id integer PRIMARY KEY DEFAULT 1,
    event text CONSTRAINT head_event REFERENCES app.audit_events DEFERRABLE,
    amount app.positive,
    pair app.pair
);
ALTER TABLE app.audit_chain_head ADD CONSTRAINT later CHECK (id < 100) NOT VALID;
CREATE TABLE app.parent (a integer, b text);
CREATE TABLE app.child (c integer CHECK (c > 0) NO INHERIT) INHERITS (app.parent);
CREATE UNLOGGED TABLE public."Odd ""Table
name" ("Column %I" integer, é text);
CREATE TABLE app.of_pair OF app.pair;
CREATE TABLE app.measured (day date NOT NULL, value integer) PARTITION BY RANGE (day);
CREATE TABLE app.measured_2026 PARTITION OF app.measured FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX by_day ON app.measured (day);
CREATE STATISTICS app.actor_category (dependencies) ON actor, category FROM app.audit_events;
ALTER STATISTICS app.actor_category SET STATISTICS 77;

CREATE SEQUENCE app.counter AS integer INCREMENT 5 MAXVALUE 1000 CACHE 3 CYCLE;
SELECT setval('app.counter', 25);
CREATE SEQUENCE public.fresh START 7;

CREATE FUNCTION app.worm() RETURNS trigger LANGUAGE plpgsql AS $worm$
BEGIN
    RAISE EXCEPTION 'append-only: %', TG_OP;
END
$worm$;
CREATE FUNCTION app.verify(OUT first_break_id text, OUT row_count integer) LANGUAGE plpgsql STABLE
SET work_mem = '1MB' AS $$
BEGIN
    first_break_id := NULL;
    row_count := (SELECT count(*) FROM audit_events);
END
$$;
CREATE FUNCTION app.status_number(app.status) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
SET search_path = app;
CREATE DOMAIN numbered AS integer DEFAULT status_number('new');
RESET search_path;
CREATE FUNCTION app.reverse_order(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN $2 - $1;
CREATE FUNCTION app.on_drop() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE PROCEDURE app.clean(days integer DEFAULT 30) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE app.total (integer) (sfunc = int4pl, stype = integer, initcond = '0');
REVOKE EXECUTE ON FUNCTION app.verify() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.verify() TO :guest;
CREATE CAST (app.status AS integer) WITH FUNCTION app.status_number(app.status) AS ASSIGNMENT;
CREATE OPERATOR app.<~> (leftarg = integer, rightarg = integer, function = int4ne, commutator = OPERATOR(app.<~>));
CREATE OPERATOR CLASS app.reverse_ops FOR TYPE integer USING btree AS
    OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 app.reverse_order(integer, integer);

CREATE TRIGGER worm_trigger BEFORE UPDATE OR DELETE ON app.audit_events FOR EACH ROW EXECUTE FUNCTION app.worm();
CREATE TRIGGER always_trigger BEFORE TRUNCATE ON app.audit_events EXECUTE FUNCTION app.worm();
ALTER TABLE app.audit_events ENABLE ALWAYS TRIGGER always_trigger;
CREATE TRIGGER off_trigger BEFORE INSERT ON app.parent FOR EACH ROW EXECUTE FUNCTION app.worm();
ALTER TABLE app.parent DISABLE TRIGGER off_trigger;
CREATE CONSTRAINT TRIGGER late_trigger AFTER INSERT ON app.child DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION app.worm();
CREATE TRIGGER day_trigger AFTER INSERT ON app.measured FOR EACH ROW EXECUTE FUNCTION app.worm();
ALTER TABLE app.measured_2026 DISABLE TRIGGER day_trigger;
CREATE EVENT TRIGGER watch_drops ON sql_drop WHEN TAG IN ('DROP SEQUENCE', 'DROP AGGREGATE') EXECUTE FUNCTION app.on_drop();
ALTER EVENT TRIGGER watch_drops ENABLE REPLICA;

CREATE VIEW app.recent WITH (security_barrier) AS SELECT id, actor FROM app.audit_events WHERE category = 'auth';
CREATE VIEW app.editable AS SELECT a, b FROM app.parent;
ALTER VIEW app.editable ALTER COLUMN b SET DEFAULT 'x';
CREATE RULE no_delete AS ON DELETE TO app.parent DO INSTEAD NOTHING;
CREATE MATERIALIZED VIEW app.per_actor AS SELECT actor, count(*) AS n FROM app.audit_events GROUP BY actor;
CREATE UNIQUE INDEX per_actor_actor ON app.per_actor (actor);
CREATE MATERIALIZED VIEW app.unfilled AS SELECT 1 AS one WITH NO DATA;

ALTER TABLE app.parent ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY only_positive ON app.parent AS RESTRICTIVE FOR UPDATE TO :guest, :owner USING (a > 0) WITH CHECK (a > 1);
CREATE PUBLICATION everything_new FOR TABLE app.audit_events (id, actor) WHERE (id > 'a')
    WITH (publish = 'insert');
CREATE PUBLICATION whole_schema FOR TABLES IN SCHEMA other;

CREATE FOREIGN DATA WRAPPER nowhere OPTIONS (debug 'true');
CREATE SERVER far FOREIGN DATA WRAPPER nowhere OPTIONS (host 'example.invalid');
CREATE USER MAPPING FOR :guest SERVER far OPTIONS (user 'x');
CREATE FOREIGN TABLE app.remote (a integer OPTIONS (name 'b')) SERVER far OPTIONS (path '/');
SELECT lo_from_bytea(4242, 'evidence');
CREATE TEXT SEARCH CONFIGURATION app.simple_words (COPY = simple);

GRANT SELECT, INSERT ON app.audit_events TO :guest WITH GRANT OPTION;
SET SESSION AUTHORIZATION :guest;
GRANT SELECT ON app.audit_events TO PUBLIC;
RESET SESSION AUTHORIZATION;
GRANT UPDATE (b) ON app.parent TO :guest;
GRANT USAGE ON SEQUENCE app.counter TO :guest;
REVOKE ALL ON app.child FROM :superuser;
ALTER TABLE app.parent OWNER TO :owner;
ALTER FUNCTION app.status_number OWNER TO :owner;
ALTER TYPE app.pair OWNER TO :owner;
ALTER SEQUENCE app.counter OWNER TO :owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO :guest;

COMMENT ON TABLE app.audit_events IS E'write once,\nread many';
COMMENT ON COLUMN app.audit_events.actor IS 'who';
COMMENT ON TRIGGER worm_trigger ON app.audit_events IS 'never to be dropped';
COMMENT ON CONSTRAINT is_positive ON DOMAIN app.positive IS 'above zero';
COMMENT ON FUNCTION app.verify() IS 'walks the chain';
COMMENT ON EXTENSION pgcrypto IS 'a comment of our own';

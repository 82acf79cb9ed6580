-- An example of an audited schema that is nobody's but its author's: entries of a ledger, each with a seal over the
-- entry and the seal before it.

CREATE SCHEMA finance;

CREATE TABLE finance.last_seal (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    seal text NOT NULL DEFAULT ''
);
INSERT INTO finance.last_seal DEFAULT VALUES;

CREATE TABLE finance.entries (
    number    bigint PRIMARY KEY,
    reference text NOT NULL,
    account   text NOT NULL,
    memo      text NOT NULL,
    document  jsonb,
    booked_at timestamptz NOT NULL DEFAULT now(),
    before    text NOT NULL,
    seal      text NOT NULL
);

CREATE FUNCTION finance.seal_of(entry finance.entries) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(entry.before, entry.number, entry.reference, entry.account,
        entry.memo, entry.document, extract(epoch FROM entry.booked_at))::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION finance.add_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT seal INTO STRICT NEW.before FROM finance.last_seal FOR UPDATE;
    NEW.number := 1 + (SELECT count(*) FROM finance.entries);
    NEW.seal := finance.seal_of(NEW);
    UPDATE finance.last_seal SET seal = NEW.seal;
    RETURN NEW;
END
$$;

CREATE FUNCTION finance.keep_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'entries are not changed: %', TG_OP;
END
$$;

CREATE TRIGGER add_entry BEFORE INSERT ON finance.entries FOR EACH ROW EXECUTE FUNCTION finance.add_entry();
CREATE TRIGGER keep_entry BEFORE UPDATE OR DELETE ON finance.entries FOR EACH ROW EXECUTE FUNCTION finance.keep_entry();

CREATE FUNCTION finance.check_entries(OUT broken bigint, OUT walked integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry finance.entries%ROWTYPE;
    last  text := '';
BEGIN
    walked := 0;
    FOR entry IN SELECT * FROM finance.entries ORDER BY number LOOP
        walked := walked + 1;
        IF entry.before <> last OR entry.seal <> finance.seal_of(entry) THEN
            broken := entry.number;
            RETURN;
        END IF;
        last := entry.seal;
    END LOOP;
END
$$;

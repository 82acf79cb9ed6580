-- The hardened subject: the same audit trail, written so that a restore cannot change what it means.
--   rows are numbered under the head's lock, and walked in that order: no collation and no clock has a say;
--   what is hashed are lengths and bytes of UTF-8, whatever the encoding of the database, and no text can pass
--   for another one; times are hashed as the server sends them, so that BC, AD and infinity are told apart;
--   functions pin their search_path and name tables by their schema, and no extension is needed;
--   the verifier compares the end of its walk with the head: an empty table is clean only where it is expected;
--   triggers fire whatever session_replication_role says, and take no row that comes with a hash.

CREATE TABLE public.audit_log_head (
    single     boolean PRIMARY KEY DEFAULT true CHECK (single),
    events     bigint  NOT NULL DEFAULT 0,
    entry_hash bytea   NOT NULL DEFAULT ''
);

INSERT INTO public.audit_log_head DEFAULT VALUES;

CREATE TABLE public.audit_log (
    seq           bigint      PRIMARY KEY,
    event_id      text        NOT NULL UNIQUE,
    who           text        NOT NULL,
    who_kind      text        NOT NULL,
    deed          text        NOT NULL,
    object_kind   text        NOT NULL,
    object_id     text        NOT NULL,
    details       jsonb,
    happened_at   timestamptz NOT NULL DEFAULT now(),
    category      text        DEFAULT 'cert_lifecycle' CHECK (category IN ('cert_lifecycle', 'auth', 'config')),
    previous_hash bytea       NOT NULL,
    entry_hash    bytea       NOT NULL
);

-- A field as its length in bytes and its bytes; -1 stands for NULL.
CREATE FUNCTION public.audit_log_field(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $field$
    SELECT int4send(coalesce(octet_length(value), -1)) || coalesce(value, '')
$field$;

CREATE FUNCTION public.audit_log_hash(entry public.audit_log) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $hash$
    SELECT sha256(
        public.audit_log_field(entry.previous_hash)
        || int8send(entry.seq)
        || public.audit_log_field(convert_to(entry.event_id, 'UTF8'))
        || public.audit_log_field(convert_to(entry.who, 'UTF8'))
        || public.audit_log_field(convert_to(entry.who_kind, 'UTF8'))
        || public.audit_log_field(convert_to(entry.deed, 'UTF8'))
        || public.audit_log_field(convert_to(entry.object_kind, 'UTF8'))
        || public.audit_log_field(convert_to(entry.object_id, 'UTF8'))
        || public.audit_log_field(convert_to(entry.details::text, 'UTF8'))
        || timestamptz_send(entry.happened_at)
        || public.audit_log_field(convert_to(entry.category, 'UTF8'))
    )
$hash$;

CREATE FUNCTION public.audit_log_append() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $append$
DECLARE
    head public.audit_log_head%ROWTYPE;
BEGIN
    IF NEW.seq IS NOT NULL OR NEW.previous_hash IS NOT NULL OR NEW.entry_hash IS NOT NULL THEN
        RAISE EXCEPTION 'audit_log numbers and hashes its rows itself'
            USING HINT = 'Restore schema and data together, or the data with --disable-triggers.';
    END IF;

    SELECT * INTO head FROM public.audit_log_head FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'audit_log_head has lost its row: nothing can be appended';
    END IF;

    NEW.seq := head.events + 1;
    NEW.previous_hash := head.entry_hash;
    NEW.entry_hash := public.audit_log_hash(NEW);
    UPDATE public.audit_log_head SET events = NEW.seq, entry_hash = NEW.entry_hash;
    RETURN NEW;
END
$append$;

CREATE FUNCTION public.audit_log_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $refuse$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only: % is not allowed', TG_OP;
END
$refuse$;

CREATE TRIGGER audit_log_append BEFORE INSERT ON public.audit_log
    FOR EACH ROW EXECUTE FUNCTION public.audit_log_append();
CREATE TRIGGER audit_log_refuse BEFORE UPDATE OR DELETE ON public.audit_log
    FOR EACH ROW EXECUTE FUNCTION public.audit_log_refuse();
CREATE TRIGGER audit_log_refuse_truncate BEFORE TRUNCATE ON public.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION public.audit_log_refuse();
ALTER TABLE public.audit_log ENABLE ALWAYS TRIGGER audit_log_append;
ALTER TABLE public.audit_log ENABLE ALWAYS TRIGGER audit_log_refuse;
ALTER TABLE public.audit_log ENABLE ALWAYS TRIGGER audit_log_refuse_truncate;

-- Clean: no fault, and the number of rows. Otherwise the fault, the row where it was found if there is one, and the
-- rows walked with it included.
CREATE FUNCTION public.audit_log_verify(OUT broken_seq bigint, OUT fault text, OUT walked bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $verify$
DECLARE
    entry public.audit_log%ROWTYPE;
    head  public.audit_log_head%ROWTYPE;
    tail  bytea := '';
BEGIN
    walked := 0;
    FOR entry IN SELECT * FROM public.audit_log ORDER BY seq LOOP
        walked := walked + 1;
        fault := CASE
            WHEN entry.seq <> walked THEN 'a row is missing before this one'
            WHEN entry.previous_hash IS DISTINCT FROM tail THEN 'it does not follow the row before it'
            WHEN entry.entry_hash IS DISTINCT FROM public.audit_log_hash(entry) THEN 'its hash is not that of its fields'
        END;
        IF fault IS NOT NULL THEN
            broken_seq := entry.seq;
            RETURN;
        END IF;
        tail := entry.entry_hash;
    END LOOP;

    SELECT * INTO head FROM public.audit_log_head;
    fault := CASE
        WHEN NOT FOUND THEN 'there is no head'
        WHEN head.events <> walked THEN 'the head counts another number of rows'
        WHEN head.entry_hash <> tail THEN 'the last row is not the one that the head names'
    END;
END
$verify$;

-- Who acts: verified once per statement (policies call these in sub-selects, which become init plans).

CREATE OR REPLACE FUNCTION caremgmt_identity() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    raw text := current_setting('app.identity', true);
    mac text := current_setting('app.identity_mac', true);
    k record;
    claims jsonb;
BEGIN
    IF raw IS NULL OR raw = '' THEN
        RAISE EXCEPTION 'identity is not set' USING ERRCODE = 'CM001';
    END IF;
    FOR k IN SELECT inner_pad, outer_pad FROM core_identitykey LOOP
        IF encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(raw, 'UTF8'))), 'hex') = mac THEN
            claims := raw::jsonb;
            -- bound to this backend and this transaction: a text read from another session is worth nothing here
            IF (claims->>'pid')::int = pg_backend_pid() AND claims->>'tx' = extract(epoch FROM now())::text THEN
                RETURN claims;
            END IF;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'identity is not valid' USING ERRCODE = 'CM002';
END $$;

CREATE OR REPLACE FUNCTION caremgmt_uid() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT (caremgmt_identity()->>'u')::uuid $$;

CREATE OR REPLACE FUNCTION caremgmt_uuids(claim text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value::uuid), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->claim, '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_groups() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value::integer), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->'g', '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_texts(claim text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->claim, '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_flag(flag text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT coalesce(caremgmt_identity()->'f' ? flag, false) $$;

CREATE OR REPLACE FUNCTION caremgmt_is_user() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT caremgmt_identity()->>'k' = 'user' $$;

CREATE OR REPLACE FUNCTION caremgmt_is_worker() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT caremgmt_identity()->>'k' = 'worker' $$;

CREATE OR REPLACE FUNCTION caremgmt_now() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(to_timestamp((claims->>'now')::float8), statement_timestamp() + make_interval(secs => coalesce((claims->>'off')::float8, 0)))
    FROM (SELECT caremgmt_identity() AS claims) AS i $$;

-- The day in Yunnan: the session's own zone is UTC, where a role that begins today has not begun before eight in the morning.
CREATE OR REPLACE FUNCTION caremgmt_today() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT (caremgmt_now() AT TIME ZONE 'Asia/Shanghai')::date $$;

-- Data keys are wrapped by the key ring and given only for subjects that the asker can name: nobody can list them. The anonymous get none.
CREATE OR REPLACE FUNCTION caremgmt_keys(subjects uuid[]) RETURNS TABLE (subject uuid, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.subject, k.wrapped FROM core_datakey k WHERE (caremgmt_is_user() OR caremgmt_is_worker()) AND k.subject = ANY (subjects) $$;

-- The clock of a real installation cannot be turned.
CREATE OR REPLACE FUNCTION caremgmt_refuse_real_clock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.seconds <> 0 AND NOT EXISTS (SELECT 1 FROM core_installation WHERE kind = 'demo') THEN
        RAISE EXCEPTION 'the clock of a real installation cannot be turned' USING ERRCODE = 'CM003';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS core_clockoffset_refuse ON core_clockoffset;
CREATE TRIGGER core_clockoffset_refuse BEFORE INSERT OR UPDATE ON core_clockoffset FOR EACH ROW EXECUTE FUNCTION caremgmt_refuse_real_clock();

-- A log is only ever written at its end.
CREATE OR REPLACE FUNCTION caremgmt_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this table is append-only' USING ERRCODE = 'CM004';
END $$;

DROP TRIGGER IF EXISTS core_audit_append_only ON core_audit;
CREATE TRIGGER core_audit_append_only BEFORE UPDATE OR DELETE ON core_audit FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
DROP TRIGGER IF EXISTS core_accesslog_append_only ON core_accesslog;
CREATE TRIGGER core_accesslog_append_only BEFORE DELETE OR UPDATE OF
    id, at, action, actor_id, actor_name, actor_role, actor_agency, address, route, object_type, object_id, case_id, office_id, sections, reason, count, case_ids
    ON core_accesslog FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();

-- The lists, exports and searches that showed a case, the newest so many. `@>` is not leakproof: under row-level security the index over
-- the cases of a list stays unused, and every row of the log would be read. Ids alone, to whom the log's policy shows rows of the case;
-- that policy is asked again for each row (AccessLog.objects.of_case).
CREATE OR REPLACE FUNCTION caremgmt_lists_of(which uuid, at_most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 500 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    all_offices boolean := caremgmt_flag('auditor');
    offices uuid[] := caremgmt_uuids('co') || caremgmt_uuids('di');
BEGIN
    IF which IS NULL OR NOT (all_offices OR (which <> ALL (caremgmt_walled()) AND NOT caremgmt_is_shut(which, true))) THEN
        RETURN;
    END IF;
    -- materialized: a plan that is kept for any limit would rather walk the whole log by time
    RETURN QUERY WITH found AS MATERIALIZED (
        SELECT l.id, l.at FROM core_accesslog l WHERE l.case_ids @> ARRAY[which] AND (all_offices OR l.office_id = ANY (offices)))
        SELECT found.id FROM found ORDER BY found.at DESC LIMIT greatest(coalesce(at_most, 0), 0);
END $$;
DROP TRIGGER IF EXISTS core_logseal_append_only ON core_logseal;
CREATE TRIGGER core_logseal_append_only BEFORE UPDATE OR DELETE ON core_logseal FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();

-- The next ordinal of a scope (kind, region, year); the number that people speak is a permutation of it, so that gaps tell nothing.
CREATE OR REPLACE FUNCTION caremgmt_next(wanted text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer;
BEGIN
    IF caremgmt_identity()->'t' IS NULL AND NOT caremgmt_is_worker() THEN
        RAISE EXCEPTION 'numbers are given inside a verb' USING ERRCODE = 'CM005';
    END IF;
    INSERT INTO core_counter AS c (scope, last) VALUES (wanted, 1)
        ON CONFLICT (scope) DO UPDATE SET last = c.last + 1 RETURNING last INTO n;
    RETURN n;
END $$;

-- Her consent ends: every access that rests on it ends in the same moment; what another source, or another consent, gave stays.
CREATE OR REPLACE FUNCTION caremgmt_withdraw_consent(consented uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer; wanted uuid;
BEGIN
    SELECT case_id INTO wanted FROM cases_consent WHERE id = consented AND office_id = ANY (caremgmt_uuids('co'));
    IF wanted IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(wanted) THEN
        RAISE EXCEPTION 'this consent cannot be withdrawn' USING ERRCODE = 'CM025';
    END IF;
    UPDATE cases_consent SET withdrawn_at = caremgmt_now() WHERE id = consented AND withdrawn_at IS NULL;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now(), end_reason = 'consent'
        WHERE consent_id = consented AND withdrawn_at IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(wanted);
    RETURN n;
END $$;

-- Her consent gets an end, or an earlier one: what rests on it cannot last longer. Nothing is ever made to last longer here.
CREATE OR REPLACE FUNCTION caremgmt_limit_consent(consented uuid, ends_at timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer; wanted uuid;
BEGIN
    SELECT case_id INTO wanted FROM cases_consent WHERE id = consented AND office_id = ANY (caremgmt_uuids('co'));
    IF wanted IS NULL OR ends_at IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(wanted) THEN
        RAISE EXCEPTION 'this consent cannot be changed' USING ERRCODE = 'CM025';
    END IF;
    UPDATE cases_accessgrant SET valid_until = ends_at
        WHERE consent_id = consented AND withdrawn_at IS NULL AND (valid_until IS NULL OR valid_until > ends_at);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- The case's office ends what one holder has from one source, with a reason. A letter stays, so that the unit can still answer it; what a
-- call, a callback, a stay or the managing of the case opens ends with these.
CREATE OR REPLACE FUNCTION caremgmt_end_access(wanted uuid, source uuid, of_group integer, of_user uuid, because text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer;
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(wanted)
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('co'))) THEN
        RAISE EXCEPTION 'this access cannot be ended' USING ERRCODE = 'CM022';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now(), end_reason = because
        WHERE case_id = wanted AND source_id = source AND withdrawn_at IS NULL AND section <> 'letter'
        AND source_kind NOT IN ('manager', 'contact', 'follow_up', 'stay', 'break_glass')
        AND group_id IS NOT DISTINCT FROM of_group AND user_id IS NOT DISTINCT FROM of_user;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(wanted);
    RETURN n;
END $$;

-- Housekeeping, the worker's alone: what is past its end is withdrawn, some cases at a time. The policies have refused it since it ended.
-- A case that somebody is working on is left for the next run. Answers who held it, so that they are told.
CREATE OR REPLACE FUNCTION caremgmt_expire_access(cases_at_most integer)
RETURNS TABLE (of_case uuid, of_source uuid, of_group integer, of_user uuid, of_kind text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE found uuid[]; each uuid;
BEGIN
    IF NOT caremgmt_is_worker() THEN
        RAISE EXCEPTION 'this is the worker''s' USING ERRCODE = 'CM022';
    END IF;
    found := ARRAY(
        SELECT c.id FROM cases_case c WHERE c.id IN (
            SELECT g.case_id FROM cases_accessgrant g WHERE g.withdrawn_at IS NULL AND g.valid_until <= caremgmt_now()
            UNION
            SELECT o.case_id FROM cases_consent o WHERE o.withdrawn_at IS NULL AND o.valid_until <= caremgmt_now())
        ORDER BY c.id LIMIT cases_at_most FOR UPDATE OF c SKIP LOCKED);
    UPDATE cases_consent o SET withdrawn_at = o.valid_until, is_expired = true
        WHERE o.case_id = ANY (found) AND o.withdrawn_at IS NULL AND o.valid_until <= caremgmt_now();
    RETURN QUERY
        WITH ended AS (
            UPDATE cases_accessgrant g SET withdrawn_at = caremgmt_now(), end_reason = 'expired'
            WHERE g.case_id = ANY (found) AND g.withdrawn_at IS NULL
            AND (g.valid_until <= caremgmt_now() OR g.consent_id IN (SELECT o.id FROM cases_consent o WHERE o.case_id = ANY (found) AND o.is_expired))
            RETURNING g.case_id, g.source_id, g.group_id, g.user_id, g.source_kind)
        SELECT DISTINCT e.case_id, e.source_id, e.group_id, e.user_id, e.source_kind::text FROM ended e;
    FOREACH each IN ARRAY found LOOP
        PERFORM caremgmt_project_grants(each);
    END LOOP;
END $$;

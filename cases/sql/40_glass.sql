-- 紧急查看: what an emergency view opens, for whom and until when, is decided here alone.

-- Whether a case does not exist for somebody else than the one who asks: behind a wall in person or with a unit or desk, or not named by its seal.
CREATE OR REPLACE FUNCTION caremgmt_is_kept_from(wanted uuid, who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT caremgmt_is_walled_off(wanted, who)
        OR EXISTS (SELECT 1 FROM cases_seal s WHERE s.case_id = wanted AND s.lifted_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM cases_sealmember m WHERE m.seal_id = s.id AND m.user_id = who AND m.until IS NULL)) $$;
COMMENT ON FUNCTION caremgmt_is_kept_from IS 'internal';

-- The director of the centre that was asked confirms: her safe contact opens to the one who asked, for four hours. "nothing" where there is no such
-- case, or none for him: the same answer, so that nobody learns which. So it is where the case is the opener's own centre's (it is open to him, or is
-- a closed record of a minor, which the director approves), and where another centre has taken it over: the stub tells nothing.
CREATE OR REPLACE FUNCTION caremgmt_glass_open(which uuid, lasting interval) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE b record; c record; me uuid := caremgmt_uid(); today date := caremgmt_today();
BEGIN
    SELECT * INTO b FROM cases_breakglass WHERE id = which FOR UPDATE;
    IF NOT FOUND OR NOT (which = ANY (caremgmt_uuids('t'))) OR b.answered_at IS NOT NULL OR lasting > interval '4 hours'
       OR NOT (b.confirm_office_id = ANY (caremgmt_uuids('di'))) OR b.opener_id = me
       OR EXISTS (SELECT 1 FROM agencies_rolegrant r WHERE r.user_id = b.opener_id AND r.office_id = b.confirm_office_id)
       OR EXISTS (SELECT 1 FROM agencies_rolegrant r WHERE r.user_id = me AND r.office_id = b.opener_office_id) THEN
        RAISE EXCEPTION 'this emergency view cannot be confirmed' USING ERRCODE = 'CM028';
    END IF;
    SELECT id, office_id INTO c FROM cases_case WHERE number = b.number AND status <> 'transferred';
    IF c.id IS NULL OR caremgmt_is_kept_from(c.id, b.opener_id) OR caremgmt_is_kept_from(c.id, me)
       OR EXISTS (SELECT 1 FROM agencies_rolegrant r WHERE r.user_id = b.opener_id AND r.office_id = c.office_id AND r.role IN ('manager', 'director')
                  AND r.since <= today AND (r.until IS NULL OR r.until >= today))
       OR NOT EXISTS (SELECT 1 FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
                      WHERE r.user_id = b.opener_id AND r.office_id = b.opener_office_id
                      AND r.role IN ('operator', 'shift_supervisor', 'manager', 'director')
                      AND r.since <= today AND (r.until IS NULL OR r.until >= today)) THEN
        UPDATE cases_breakglass SET answered_at = caremgmt_now(), answered_by_id = me WHERE id = which;
        RETURN 'nothing';
    END IF;
    UPDATE cases_breakglass SET answered_at = caremgmt_now(), answered_by_id = me, case_id = c.id, office_id = c.office_id,
        ends_at = caremgmt_now() + lasting WHERE id = which;
    INSERT INTO cases_accessgrant (id, case_id, office_id, section, user_id, source_kind, source_id, basis, offered_at, valid_from, valid_until)
        VALUES (gen_random_uuid(), c.id, c.office_id, 'safe_contact', b.opener_id, 'break_glass', which, 'danger', caremgmt_now(), caremgmt_now(),
                caremgmt_now() + lasting);
    PERFORM caremgmt_project_grants(c.id);
    RETURN 'opened';
END $$;

-- What the opener is shown beside her safe contact, as long as it lasts: risk, manager, the centre. The case's header itself stays closed.
CREATE OR REPLACE FUNCTION caremgmt_glass_shows(which uuid)
RETURNS TABLE (of_case uuid, of_client uuid, risk text, manager text, centre text, telephone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id, (SELECT p.id FROM cases_party p WHERE p.case_id = c.id AND p.is_primary LIMIT 1), c.risk::text, coalesce(u.name, '')::text,
           o.short_name::text, o.phone::text
    FROM cases_breakglass b JOIN cases_case c ON c.id = b.case_id JOIN agencies_office o ON o.id = c.office_id
    LEFT JOIN agencies_user u ON u.id = c.manager_id
    WHERE b.id = which AND b.opener_id = (SELECT caremgmt_uid()) AND NOT caremgmt_is_barred(c.id)
    AND EXISTS (SELECT 1 FROM cases_accessgrant g WHERE g.source_id = b.id AND g.withdrawn_at IS NULL AND g.valid_until > (SELECT caremgmt_now())) $$;

-- A review that finds it wrong ends it at once; so does a seal that falls on the case meanwhile.
CREATE OR REPLACE FUNCTION caremgmt_glass_end(which uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer; b record;
BEGIN
    SELECT * INTO b FROM cases_breakglass WHERE id = which;
    IF NOT FOUND OR NOT (which = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(b.case_id)
       OR NOT (b.office_id = ANY (caremgmt_uuids('di')) OR b.reviewer_id = caremgmt_uid()) THEN
        RAISE EXCEPTION 'this emergency view cannot be ended' USING ERRCODE = 'CM028';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now(), end_reason = 'misuse' WHERE source_id = which AND withdrawn_at IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(b.case_id);
    RETURN n;
END $$;

CREATE OR REPLACE FUNCTION caremgmt_glass_sealed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_accessgrant SET withdrawn_at = NEW.since WHERE case_id = NEW.case_id AND source_kind = 'break_glass' AND withdrawn_at IS NULL;
    PERFORM caremgmt_project_grants(NEW.case_id);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_seal_glass ON cases_seal;
CREATE TRIGGER cases_seal_glass AFTER INSERT ON cases_seal FOR EACH ROW EXECUTE FUNCTION caremgmt_glass_sealed();

-- 联合办理: what a second centre's people see, and the end of it, is decided here.

-- The second centre names its people: what was offered, or is open to those named before, opens to them alone, on the same basis, under the same
-- consent and end, as long as they hold a post there. Null where one of them cannot be named (no manager or director there, or behind a wall:
-- the same answer, so that it tells nothing); 0 where nothing is left that could open.
CREATE OR REPLACE FUNCTION caremgmt_joint_open(which uuid, named uuid[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE j record; n integer; today date := caremgmt_today();
BEGIN
    SELECT * INTO j FROM cases_jointhandling WHERE id = which AND status IN ('asked', 'active');
    IF NOT FOUND OR NOT (j.case_id = ANY (caremgmt_uuids('t'))) OR NOT (j.to_office_id = ANY (caremgmt_uuids('co')))
       OR caremgmt_is_barred(j.case_id, true) OR j.ends_at <= caremgmt_now() OR coalesce(cardinality(named), 0) = 0 THEN
        RAISE EXCEPTION 'this case cannot be handled together' USING ERRCODE = 'CM034';
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(named) AS p WHERE caremgmt_is_kept_from(j.case_id, p) OR NOT EXISTS (
            SELECT 1 FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
            WHERE r.user_id = p AND r.office_id = j.to_office_id AND r.role IN ('manager', 'director')
            AND r.since <= today AND (r.until IS NULL OR r.until >= today))) THEN
        RETURN NULL;
    END IF;
    INSERT INTO cases_accessgrant (id, case_id, office_id, section, user_id, at_office, source_kind, source_id, basis, consent_id, offered_at,
                                   valid_from, valid_until)
        SELECT DISTINCT ON (g.section, p) gen_random_uuid(), g.case_id, g.office_id, g.section, p, j.to_office_id, g.source_kind, g.source_id, g.basis,
               g.consent_id, g.offered_at, caremgmt_now(), least(g.valid_until, j.ends_at)
        FROM cases_accessgrant g CROSS JOIN unnest(named) AS p
        WHERE g.source_id = which AND g.source_kind = 'joint' AND g.case_id = j.case_id AND g.withdrawn_at IS NULL
        AND (g.valid_until IS NULL OR g.valid_until > caremgmt_now())
        AND (g.consent_id IS NULL OR caremgmt_consent_holds(g.consent_id, g.case_id))
        ORDER BY g.section, p, g.valid_until DESC NULLS FIRST
        ON CONFLICT DO NOTHING;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now()
        WHERE source_id = which AND case_id = j.case_id AND withdrawn_at IS NULL AND (user_id IS NULL OR user_id <> ALL (named));
    SELECT count(*) INTO n FROM cases_accessgrant WHERE source_id = which AND case_id = j.case_id AND withdrawn_at IS NULL;
    PERFORM caremgmt_project_grants(j.case_id);
    RETURN n;
END $$;

-- All that was opened or offered for it ends, by either centre: never past a wall.
CREATE OR REPLACE FUNCTION caremgmt_joint_close(which uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE j record; n integer;
BEGIN
    SELECT * INTO j FROM cases_jointhandling WHERE id = which;
    IF NOT FOUND OR NOT (j.case_id = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(j.case_id, true)
       OR NOT (ARRAY[j.office_id, j.to_office_id] && caremgmt_uuids('co')) THEN
        RAISE EXCEPTION 'this joint handling cannot be ended' USING ERRCODE = 'CM034';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now()
        WHERE source_id = which AND source_kind = 'joint' AND case_id = j.case_id AND withdrawn_at IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(j.case_id);
    RETURN n;
END $$;

-- What is over leaves nothing open, by whatever verb it ended.
CREATE OR REPLACE FUNCTION caremgmt_joint_ends_its_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_accessgrant g WHERE g.source_id = NEW.id AND g.source_kind = 'joint' AND g.withdrawn_at IS NULL) THEN
        RAISE EXCEPTION 'a joint handling that is over leaves nothing open' USING ERRCODE = 'CM035';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_jointhandling_over ON cases_jointhandling;
CREATE CONSTRAINT TRIGGER cases_jointhandling_over AFTER UPDATE OF status ON cases_jointhandling
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status IN ('declined', 'recalled', 'ended'))
    EXECUTE FUNCTION caremgmt_joint_ends_its_access();

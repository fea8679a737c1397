-- Whether somebody could hold what is addressed to one person of a unit in this case: an active liaison of the unit today, for whom the case exists.
-- Asked only while the case's own centre, or the clock, carries out a verb on it; what stands against somebody is not said.
CREATE OR REPLACE FUNCTION caremgmt_may_hold(wanted uuid, of_group integer, who uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE day date := (caremgmt_now() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) OR NOT (caremgmt_is_worker()
       OR EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('co')))) THEN
        RAISE EXCEPTION 'who may hold this is not shown' USING ERRCODE = 'CM024';
    END IF;
    RETURN EXISTS (
        SELECT 1 FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
        JOIN agencies_unit n ON n.id = r.unit_id AND n.group_id = of_group AND n.is_active
        WHERE r.user_id = who AND r.role IN ('liaison', 'aid_officer') AND r.since <= day AND (r.until IS NULL OR r.until >= day)
    ) AND NOT EXISTS (
        SELECT 1 FROM cases_wall w WHERE w.case_id = wanted AND w.lifted_at IS NULL AND (
            w.user_id = who
            OR w.group_id IN (SELECT n.group_id FROM agencies_rolegrant r JOIN agencies_unit n ON n.id = r.unit_id WHERE r.user_id = who)
            OR w.group_id IN (SELECT o.group_id FROM agencies_rolegrant r JOIN agencies_office o ON o.id = r.office_id WHERE r.user_id = who))
    ) AND NOT EXISTS (
        SELECT 1 FROM cases_seal s WHERE s.case_id = wanted AND s.lifted_at IS NULL
        AND EXISTS (SELECT 1 FROM agencies_rolegrant r WHERE r.user_id = who AND r.office_id IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM cases_sealmember m WHERE m.seal_id = s.id AND m.user_id = who AND m.until IS NULL));
END $$;

-- By the clock: what one person of a unit holds of a letter, an invitation or a measure goes to another person of the same unit, section by section
-- under the same basis, consent and end, and nothing more; the first one has it no more. False where there is nothing to give or nobody to take it.
CREATE OR REPLACE FUNCTION caremgmt_stand_in(source uuid, of_group integer, from_user uuid, to_user uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wanted uuid;
BEGIN
    IF NOT caremgmt_is_worker() THEN
        RAISE EXCEPTION 'this letter cannot be given to another' USING ERRCODE = 'CM021';
    END IF;
    SELECT g.case_id INTO wanted FROM cases_accessgrant g WHERE g.source_id = source AND g.section = 'letter' AND g.withdrawn_at IS NULL
        AND g.user_id = from_user AND (g.member_of IS NULL OR g.member_of = of_group) AND g.source_kind IN ('referral', 'conference');
    IF wanted IS NULL OR NOT caremgmt_may_hold(wanted, of_group, to_user) THEN
        RETURN false;
    END IF;
    WITH ended AS (
        UPDATE cases_accessgrant g SET withdrawn_at = caremgmt_now()
            WHERE g.source_id = source AND g.case_id = wanted AND g.withdrawn_at IS NULL AND g.user_id = from_user
        RETURNING g.*)
    INSERT INTO cases_accessgrant (id, case_id, office_id, section, group_id, user_id, member_of, at_office, source_kind, source_id, basis,
                                   consent_id, offered_at, valid_from, valid_until)
        SELECT gen_random_uuid(), e.case_id, e.office_id, e.section, NULL, to_user, of_group, NULL, e.source_kind, e.source_id, e.basis,
               e.consent_id, e.offered_at, e.valid_from, e.valid_until
        FROM ended e ON CONFLICT DO NOTHING;
    PERFORM caremgmt_project_grants(wanted);
    RETURN true;
END $$;

-- A letter that lies with a whole unit goes to one liaison of it, whom the case's own centre names: what was offered or opened to the unit goes with it,
-- section by section under the same basis, consent and end; the unit has it no more, and neither has another person of it to whom something was opened
-- at once. False where that one cannot take it.
CREATE OR REPLACE FUNCTION caremgmt_name_holder(source uuid, of_group integer, to_user uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wanted uuid;
BEGIN
    SELECT g.case_id INTO wanted FROM cases_accessgrant g WHERE g.source_id = source AND g.section = 'letter' AND g.withdrawn_at IS NULL
        AND g.group_id = of_group AND g.source_kind = 'referral';
    IF wanted IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(wanted)
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('co'))) THEN
        RAISE EXCEPTION 'this letter cannot be given to another' USING ERRCODE = 'CM021';
    END IF;
    IF NOT caremgmt_may_hold(wanted, of_group, to_user) THEN
        RETURN false;
    END IF;
    WITH ended AS (
        UPDATE cases_accessgrant g SET withdrawn_at = caremgmt_now()
            WHERE g.source_id = source AND g.case_id = wanted AND g.withdrawn_at IS NULL
            AND (g.group_id = of_group OR (g.member_of = of_group AND g.user_id <> to_user))
        RETURNING g.*)
    INSERT INTO cases_accessgrant (id, case_id, office_id, section, group_id, user_id, member_of, at_office, source_kind, source_id, basis,
                                   consent_id, offered_at, valid_from, valid_until)
        SELECT gen_random_uuid(), e.case_id, e.office_id, e.section, NULL, to_user, of_group, NULL, e.source_kind, e.source_id, e.basis,
               e.consent_id, e.offered_at, e.valid_from, e.valid_until
        FROM ended e WHERE e.group_id = of_group ON CONFLICT DO NOTHING;
    PERFORM caremgmt_project_grants(wanted);
    RETURN true;
END $$;

-- 查阅审批: the director of the centre, or the reviewer who is named where it has none, opens a closed record of a minor to one person of the centre, until a day. "nothing" where there is no such
-- record, or none for the one who asks: the same answer.
CREATE OR REPLACE FUNCTION caremgmt_record_approve(which uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE a record; wanted uuid; me uuid := caremgmt_uid();
BEGIN
    SELECT * INTO a FROM cases_recordapproval WHERE id = which FOR UPDATE;
    IF NOT FOUND OR NOT (which = ANY (caremgmt_uuids('t'))) OR a.decided_at IS NOT NULL OR a.asker_id = me
       OR NOT (a.office_id = ANY (caremgmt_uuids('di')) OR coalesce(a.reviewer_id = me, false)) THEN
        RAISE EXCEPTION 'this record cannot be opened' USING ERRCODE = 'CM029';
    END IF;
    SELECT id INTO wanted FROM cases_case
        WHERE number = a.number AND office_id = a.office_id AND concerns_minor AND status IN ('closed', 'not_accepted')
        AND NOT caremgmt_is_kept_from(id, a.asker_id) AND NOT caremgmt_is_kept_from(id, me);
    UPDATE cases_recordapproval SET decided_at = caremgmt_now(), decided_by_id = me, case_id = wanted,
        until = CASE WHEN wanted IS NOT NULL THEN caremgmt_now() + make_interval(days => least(a.days, 30)) END WHERE id = which;
    RETURN CASE WHEN wanted IS NULL THEN 'nothing' ELSE 'approved' END;
END $$;

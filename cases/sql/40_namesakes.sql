-- A party of a case has the name of somebody on the staff, and nothing says yet whether it is the same human: for that one the case does not exist
-- from this moment, until the director (or who is named in the director's place) has found out. docs/decisions/0015-namesakes.md.
-- Near enough to matter: who holds a post in the case's county, and who has been given anything of the case, in person or with a unit or desk.
-- Two different identity numbers are two humans. What has been rejected once is not set by a name again.
CREATE OR REPLACE FUNCTION caremgmt_wall_namesakes(of_case uuid, of_user uuid, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE found bigint[];
BEGIN
    -- the few rows that can meet, by the index that fits the question; mostly none
    IF of_case IS NOT NULL THEN
        SELECT array_agg(f.id) INTO found FROM cases_fingerprint f WHERE f.case_id = of_case AND f.kind = 'name';
    ELSE
        SELECT array_agg(f.id) INTO found FROM agencies_user u JOIN cases_fingerprint f ON f.digest = u.name_fingerprint AND f.kind = 'name'
            WHERE u.id = of_user;
    END IF;
    IF found IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO cases_wall (id, case_id, office_id, user_id, reason, party_role, since)
    SELECT DISTINCT ON (f.case_id, u.id) gen_random_uuid(), f.case_id, f.office_id, u.id, 'name', f.role, moment
    FROM cases_fingerprint f
    JOIN agencies_user u ON u.name_fingerprint = f.digest AND u.is_active
    JOIN cases_case c ON c.id = f.case_id AND c.status NOT IN ('transferred', 'merged', 'not_accepted')
    JOIN agencies_office o ON o.id = f.office_id
    WHERE f.id = ANY (found) AND (of_user IS NULL OR u.id = of_user)
    AND EXISTS (
        SELECT 1 FROM agencies_rolegrant r LEFT JOIN agencies_office p ON p.id = r.office_id LEFT JOIN agencies_unit n ON n.id = r.unit_id
        WHERE r.user_id = u.id AND (r.until IS NULL OR r.until >= (moment AT TIME ZONE 'Asia/Shanghai')::date) AND (
            coalesce(p.region_id, n.region_id) LIKE left(o.region_id, 6) || '%'
            OR EXISTS (SELECT 1 FROM cases_accessgrant g WHERE g.case_id = f.case_id AND g.withdrawn_at IS NULL
                       AND (g.valid_until IS NULL OR g.valid_until > moment)
                       AND (g.user_id = u.id OR g.group_id IN (p.group_id, n.group_id)))))
    AND NOT EXISTS (
        SELECT 1 FROM agencies_identitybinding b JOIN cases_fingerprint i ON i.case_id = f.case_id AND i.person_id = f.person_id AND i.kind = 'id'
        WHERE b.user_id = u.id AND b.id_fingerprint IS NOT NULL AND b.id_fingerprint <> i.digest)
    AND NOT EXISTS (
        SELECT 1 FROM cases_wall w WHERE w.case_id = f.case_id AND w.user_id = u.id AND (w.lifted_at IS NULL OR w.reason IN ('name', 'match')))
    ORDER BY f.case_id, u.id, CASE f.role WHEN 'respondent' THEN 0 WHEN 'client' THEN 1 ELSE 2 END;
END $$;
COMMENT ON FUNCTION caremgmt_wall_namesakes IS 'internal';

-- Now, for a trigger that may run before anybody is known (an account is made by the owner's command).
CREATE OR REPLACE FUNCTION caremgmt_moment() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(current_setting('app.identity', true), '') = '' THEN
        RETURN (SELECT statement_timestamp() + make_interval(secs => coalesce(max(seconds), 0)::float8) FROM core_clockoffset);
    END IF;
    RETURN caremgmt_now();
END $$;
COMMENT ON FUNCTION caremgmt_moment IS 'internal';

-- Somebody joins the staff, gets another name or another post: the cases of namesakes are closed to him before he has looked.
CREATE OR REPLACE FUNCTION caremgmt_namesake_on_staff() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM caremgmt_wall_namesakes(NULL, (to_jsonb(NEW)->>(CASE TG_TABLE_NAME WHEN 'agencies_user' THEN 'id' ELSE 'user_id' END))::uuid, caremgmt_moment());
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS agencies_user_namesake ON agencies_user;
CREATE TRIGGER agencies_user_namesake AFTER INSERT OR UPDATE OF name_fingerprint, is_active ON agencies_user
    FOR EACH ROW EXECUTE FUNCTION caremgmt_namesake_on_staff();
DROP TRIGGER IF EXISTS agencies_rolegrant_namesake ON agencies_rolegrant;
CREATE TRIGGER agencies_rolegrant_namesake AFTER INSERT OR UPDATE ON agencies_rolegrant
    FOR EACH ROW EXECUTE FUNCTION caremgmt_namesake_on_staff();

-- Something of a case is given to somebody, wherever he works: his name is looked at before he can.
CREATE OR REPLACE FUNCTION caremgmt_namesake_is_given() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE each uuid;
BEGIN
    FOR each IN SELECT DISTINCT case_id FROM fresh LOOP
        PERFORM caremgmt_wall_namesakes(each, NULL, caremgmt_moment());
    END LOOP;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_accessgrant_namesake ON cases_accessgrant;
CREATE TRIGGER cases_accessgrant_namesake AFTER INSERT ON cases_accessgrant REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION caremgmt_namesake_is_given();

-- Found out: he is the party, or kin (the wall stands for good), or somebody else (it is lifted, by one, who is never the one whom it is about).
CREATE OR REPLACE FUNCTION caremgmt_wall_namesake(which uuid, is_he boolean) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE w record; me uuid := caremgmt_uid();
BEGIN
    SELECT * INTO w FROM cases_wall WHERE id = which AND reason = 'name' AND lifted_at IS NULL AND confirmed_at IS NULL FOR UPDATE;
    IF NOT FOUND OR NOT (w.case_id = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(w.case_id, true) OR w.user_id = me OR is_he IS NULL
       OR NOT (w.office_id = ANY (caremgmt_uuids('di')) OR coalesce(w.reviewer_id = me, false)) THEN
        RAISE EXCEPTION 'this match cannot be decided' USING ERRCODE = 'CM036';
    END IF;
    IF is_he THEN
        UPDATE cases_wall SET confirmed_at = caremgmt_now(), confirmed_by_id = me WHERE id = which;
        RETURN 'confirmed';
    END IF;
    UPDATE cases_wall SET lifted_at = caremgmt_now(), lifted_by_id = me WHERE id = which;
    RETURN 'rejected';
END $$;

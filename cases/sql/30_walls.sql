-- Walls, seals and the meeting of fingerprints. Each function checks ticket and actor; nobody writes these tables otherwise.

-- The centre's managers and directors for whom a case still exists, but for one person and one unit: an array of user ids.
-- Asked by the functions below alone: a ticket for the case is needed.
CREATE OR REPLACE FUNCTION caremgmt_remaining(wanted uuid, but_group integer, but_user uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE today date := caremgmt_today();
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t')))
       OR NOT (caremgmt_is_worker() OR EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('co')))) THEN
        RAISE EXCEPTION 'this is not answered' USING ERRCODE = 'CM024';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(DISTINCT r.user_id), '{}')
        FROM cases_case c JOIN agencies_rolegrant r ON r.office_id = c.office_id AND r.role IN ('manager', 'director')
            AND r.since <= today AND (r.until IS NULL OR r.until >= today)
        JOIN agencies_user u ON u.id = r.user_id AND u.is_active
        WHERE c.id = wanted AND r.user_id IS DISTINCT FROM but_user
        AND NOT EXISTS (SELECT 1 FROM agencies_rolegrant g LEFT JOIN agencies_unit n ON n.id = g.unit_id LEFT JOIN agencies_office o ON o.id = g.office_id
                        WHERE g.user_id = r.user_id AND (n.group_id = but_group OR o.group_id = but_group))
        AND NOT caremgmt_is_kept_from(wanted, r.user_id));
END $$;

-- A wall: set by the case's centre (the service says by whom there); united, never told. Null where nobody would be left to handle the case.
CREATE OR REPLACE FUNCTION caremgmt_wall(wanted uuid, off_group integer, off_user uuid, because text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE office uuid; made uuid;
BEGIN
    SELECT office_id INTO office FROM cases_case WHERE id = wanted;
    IF office IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t')))
       OR NOT (caremgmt_is_worker() OR (office = ANY (caremgmt_uuids('co')) AND NOT caremgmt_is_barred(wanted))) THEN
        RAISE EXCEPTION 'this wall cannot be set' USING ERRCODE = 'CM023';
    END IF;
    SELECT id INTO made FROM cases_wall WHERE case_id = wanted AND lifted_at IS NULL
        AND group_id IS NOT DISTINCT FROM off_group AND user_id IS NOT DISTINCT FROM off_user LIMIT 1;
    IF made IS NOT NULL THEN
        -- somebody wants it to stand: a request to lift it is answered by that
        UPDATE cases_wall SET lift_asked_at = NULL, lift_asked_by_id = NULL,
            confirmed_at = CASE WHEN reason = 'name' THEN coalesce(confirmed_at, caremgmt_now()) END,
            confirmed_by_id = CASE WHEN reason = 'name' THEN coalesce(confirmed_by_id, caremgmt_uid()) END WHERE id = made;
        RETURN made;
    END IF;
    IF caremgmt_remaining(wanted, off_group, off_user) = '{}' THEN
        RETURN NULL;
    END IF;
    made := gen_random_uuid();
    INSERT INTO cases_wall (id, case_id, office_id, group_id, user_id, reason, since, set_by_id)
        VALUES (made, wanted, office, off_group, off_user, because, caremgmt_now(), caremgmt_uid());
    RETURN made;
END $$;

-- Lifting takes two where a second one is there: the director asks, somebody else of the centre agrees or lets the wall stand.
CREATE OR REPLACE FUNCTION caremgmt_wall_lift(which uuid, agreed boolean) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE w record; me uuid := caremgmt_uid();
BEGIN
    SELECT * INTO w FROM cases_wall WHERE id = which AND lifted_at IS NULL FOR UPDATE;
    IF NOT FOUND OR NOT (w.case_id = ANY (caremgmt_uuids('t'))) OR NOT (w.office_id = ANY (caremgmt_uuids('co')))
       OR caremgmt_is_barred(w.case_id)
       OR (w.lift_asked_at IS NULL AND NOT (agreed AND w.office_id = ANY (caremgmt_uuids('di')))) THEN
        RAISE EXCEPTION 'this wall cannot be lifted' USING ERRCODE = 'CM026';
    END IF;
    IF NOT agreed THEN
        UPDATE cases_wall SET lift_asked_at = NULL, lift_asked_by_id = NULL WHERE id = which;
        RETURN 'kept';
    END IF;
    IF w.lift_asked_by_id IS DISTINCT FROM me AND w.lift_asked_at IS NOT NULL
       OR caremgmt_remaining(w.case_id, NULL, me) = '{}' THEN
        UPDATE cases_wall SET lifted_at = caremgmt_now(), lifted_by_id = me,
               lift_asked_at = coalesce(lift_asked_at, caremgmt_now()), lift_asked_by_id = coalesce(lift_asked_by_id, me) WHERE id = which;
        RETURN 'lifted';
    END IF;
    UPDATE cases_wall SET lift_asked_at = coalesce(lift_asked_at, caremgmt_now()), lift_asked_by_id = me WHERE id = which;
    RETURN 'asked';
END $$;

-- Seal a case to named people of its centre, or name others: by its director, who is among them. Null where none of them could handle it.
CREATE OR REPLACE FUNCTION caremgmt_seal(wanted uuid, named uuid[], because text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE office uuid; made uuid; me uuid := caremgmt_uid(); today date := caremgmt_today();
BEGIN
    SELECT office_id INTO office FROM cases_case WHERE id = wanted;
    IF office IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR NOT (office = ANY (caremgmt_uuids('di')))
       OR caremgmt_is_barred(wanted) OR NOT (me = ANY (named))
       OR EXISTS (SELECT 1 FROM unnest(named) AS n WHERE NOT EXISTS (SELECT 1 FROM agencies_rolegrant r WHERE r.user_id = n AND r.office_id = office)) THEN
        RAISE EXCEPTION 'this seal cannot be set' USING ERRCODE = 'CM027';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
        WHERE r.user_id = ANY (named) AND r.office_id = office AND r.role = 'manager' AND r.since <= today AND (r.until IS NULL OR r.until >= today)
        AND NOT caremgmt_is_walled_off(wanted, r.user_id)) THEN
        RETURN NULL;
    END IF;
    SELECT id INTO made FROM cases_seal WHERE case_id = wanted AND lifted_at IS NULL;
    IF made IS NULL THEN
        made := gen_random_uuid();
        INSERT INTO cases_seal (id, case_id, office_id, reason, since, set_by_id) VALUES (made, wanted, office, because, caremgmt_now(), me);
    END IF;
    UPDATE cases_sealmember SET until = caremgmt_now() WHERE seal_id = made AND until IS NULL AND NOT (user_id = ANY (named));
    INSERT INTO cases_sealmember (id, seal_id, case_id, office_id, user_id, since)
        SELECT gen_random_uuid(), made, wanted, office, n, caremgmt_now() FROM (SELECT DISTINCT unnest(named) AS n) AS d ON CONFLICT DO NOTHING;
    RETURN made;
END $$;

-- Lifting a seal takes two of the named, like lifting a wall: the director asks, another manager or director among them agrees or lets it stand.
DROP FUNCTION IF EXISTS caremgmt_unseal(uuid);
CREATE OR REPLACE FUNCTION caremgmt_unseal(wanted uuid, agreed boolean) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE s record; me uuid := caremgmt_uid();
BEGIN
    SELECT * INTO s FROM cases_seal WHERE case_id = wanted AND lifted_at IS NULL FOR UPDATE;
    IF NOT FOUND OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(wanted) OR NOT (s.office_id = ANY (caremgmt_uuids('co')))
       OR (s.lift_asked_at IS NULL AND NOT (agreed AND s.office_id = ANY (caremgmt_uuids('di')))) THEN
        RAISE EXCEPTION 'this seal cannot be lifted' USING ERRCODE = 'CM027';
    END IF;
    IF NOT agreed THEN
        UPDATE cases_seal SET lift_asked_at = NULL, lift_asked_by_id = NULL WHERE id = s.id;
        RETURN 'kept';
    END IF;
    -- of a sealed case only the named remain: with nobody else among them the asking lifts it
    IF (s.lift_asked_at IS NOT NULL AND s.lift_asked_by_id IS DISTINCT FROM me) OR caremgmt_remaining(wanted, NULL, me) = '{}' THEN
        UPDATE cases_seal SET lifted_at = caremgmt_now(), lifted_by_id = me,
               lift_asked_at = coalesce(lift_asked_at, caremgmt_now()), lift_asked_by_id = coalesce(lift_asked_by_id, me) WHERE id = s.id;
        RETURN 'lifted';
    END IF;
    UPDATE cases_seal SET lift_asked_at = coalesce(lift_asked_at, caremgmt_now()), lift_asked_by_id = me WHERE id = s.id;
    RETURN 'asked';
END $$;

-- Whether two cases exist for the same people: neither is sealed, or both are, to the same. Asked where they are merged, with a ticket for both.
CREATE OR REPLACE FUNCTION caremgmt_sealed_alike(one uuid, other uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF one IS NULL OR other IS NULL OR NOT (ARRAY[one, other] <@ caremgmt_uuids('t')) OR caremgmt_is_barred(one) OR caremgmt_is_barred(other) THEN
        RAISE EXCEPTION 'this is not answered' USING ERRCODE = 'CM024';
    END IF;
    RETURN (SELECT array_agg(m.user_id ORDER BY m.user_id) FROM cases_sealmember m JOIN cases_seal s ON s.id = m.seal_id AND s.lifted_at IS NULL
            WHERE m.case_id = one AND m.until IS NULL)
        IS NOT DISTINCT FROM
           (SELECT array_agg(m.user_id ORDER BY m.user_id) FROM cases_sealmember m JOIN cases_seal s ON s.id = m.seal_id AND s.lifted_at IS NULL
            WHERE m.case_id = other AND m.until IS NULL);
END $$;

-- Who is named by the seal of a client who is staff: the centre's directors, and the case's manager or without one every manager. Whose post is in
-- force and who is not the client. Returns how many are new; none where nobody of the centre is left.
CREATE OR REPLACE FUNCTION caremgmt_seal_staff(which uuid, moment timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE s record; today date := (moment AT TIME ZONE 'Asia/Shanghai')::date; able uuid[]; manager uuid; made integer;
BEGIN
    SELECT l.case_id, l.office_id, c.manager_id INTO s FROM cases_seal l JOIN cases_case c ON c.id = l.case_id
        WHERE l.id = which AND l.lifted_at IS NULL AND l.reason = 'staff';
    SELECT array_agg(DISTINCT r.user_id) INTO able FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
        WHERE r.office_id = s.office_id AND r.role IN ('director', 'manager') AND r.since <= today AND (r.until IS NULL OR r.until >= today)
        AND NOT EXISTS (SELECT 1 FROM cases_fingerprint f JOIN agencies_identitybinding b
                        ON (f.kind = 'id' AND b.id_fingerprint = f.digest) OR (f.kind = 'phone' AND b.phone_fingerprint = f.digest)
                        WHERE f.case_id = s.case_id AND f.role = 'client' AND b.user_id = r.user_id);
    -- one behind a wall is named too, who may come out from behind it; but then not as the only manager
    manager := CASE WHEN s.manager_id = ANY (able) AND NOT caremgmt_is_walled_off(s.case_id, s.manager_id) THEN s.manager_id END;
    INSERT INTO cases_sealmember (id, seal_id, case_id, office_id, user_id, since)
        SELECT gen_random_uuid(), which, s.case_id, s.office_id, d.user_id, moment FROM (
            SELECT DISTINCT r.user_id FROM agencies_rolegrant r WHERE r.office_id = s.office_id AND r.user_id = ANY (able)
            AND r.since <= today AND (r.until IS NULL OR r.until >= today)
            AND (r.role = 'director' OR (r.role = 'manager' AND r.user_id = coalesce(manager, r.user_id)))) AS d
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
COMMENT ON FUNCTION caremgmt_seal_staff(uuid, timestamptz) IS 'internal';

-- Nobody whom such a seal names holds a post any more, or ever did: whoever has been given one since is named. The worker's alone.
CREATE OR REPLACE FUNCTION caremgmt_seal_heirs(wanted uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made uuid;
BEGIN
    IF NOT caremgmt_is_worker() THEN
        RAISE EXCEPTION 'this is the worker''s' USING ERRCODE = 'CM022';
    END IF;
    SELECT id INTO made FROM cases_seal WHERE case_id = wanted AND lifted_at IS NULL AND reason = 'staff' FOR UPDATE;
    RETURN CASE WHEN made IS NULL THEN 0 ELSE caremgmt_seal_staff(made, caremgmt_now()) END;
END $$;

-- Fingerprints meet here, so that nobody reads either side. A respondent, relative or guardian who is staff is walled off; a client who is staff is
-- sealed to the director and the managers at hand (caremgmt_seal_staff). What the director has lifted once is not set by the same match again.
CREATE OR REPLACE FUNCTION caremgmt_conflict() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE met record; made uuid; moment timestamptz;
BEGIN
    IF coalesce(current_setting('app.identity', true), '') = '' THEN
        SELECT statement_timestamp() + make_interval(secs => coalesce(max(seconds), 0)::float8) INTO moment FROM core_clockoffset;
    ELSE
        moment := caremgmt_now();
    END IF;
    IF TG_TABLE_NAME = 'cases_fingerprint' AND to_jsonb(NEW)->>'kind' = 'name' THEN
        PERFORM caremgmt_wall_namesakes((to_jsonb(NEW)->>'case_id')::uuid, NULL, moment);
        RETURN NULL;
    END IF;
    FOR met IN
        SELECT DISTINCT f.case_id, f.office_id, f.role, b.user_id
        FROM cases_fingerprint f JOIN agencies_identitybinding b
            ON (f.kind = 'id' AND b.id_fingerprint = f.digest) OR (f.kind = 'phone' AND b.phone_fingerprint = f.digest)
        WHERE f.role IN ('respondent', 'relative', 'guardian', 'client')
        AND CASE TG_TABLE_NAME WHEN 'cases_fingerprint' THEN f.digest = (to_jsonb(NEW)->>'digest')::bytea AND f.case_id = (to_jsonb(NEW)->>'case_id')::uuid
                               ELSE b.user_id = (to_jsonb(NEW)->>'user_id')::uuid END
    LOOP
        IF met.role <> 'client' THEN
            -- what only the name had said is certain now
            UPDATE cases_wall SET reason = 'match', settled_at = NULL
                WHERE case_id = met.case_id AND user_id = met.user_id AND reason = 'name' AND lifted_at IS NULL;
            INSERT INTO cases_wall (id, case_id, office_id, user_id, reason, since)
                SELECT gen_random_uuid(), met.case_id, met.office_id, met.user_id, 'match', moment
                WHERE NOT EXISTS (SELECT 1 FROM cases_wall w WHERE w.case_id = met.case_id AND w.user_id = met.user_id
                                  AND (w.lifted_at IS NULL OR w.reason = 'match'));
        ELSIF NOT EXISTS (SELECT 1 FROM cases_seal s WHERE s.case_id = met.case_id AND (s.lifted_at IS NULL OR s.reason = 'staff')) THEN
            made := gen_random_uuid();
            INSERT INTO cases_seal (id, case_id, office_id, reason, since) VALUES (made, met.case_id, met.office_id, 'staff', moment);
            PERFORM caremgmt_seal_staff(made, moment);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_fingerprint_conflict ON cases_fingerprint;
-- Deferred to the verb's end: who takes the call finishes her writing before the case is gone for her.
CREATE CONSTRAINT TRIGGER cases_fingerprint_conflict AFTER INSERT ON cases_fingerprint
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION caremgmt_conflict();
DROP TRIGGER IF EXISTS agencies_identitybinding_conflict ON agencies_identitybinding;
CREATE TRIGGER agencies_identitybinding_conflict AFTER INSERT OR UPDATE ON agencies_identitybinding
    FOR EACH ROW EXECUTE FUNCTION caremgmt_conflict();

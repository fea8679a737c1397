-- Walls and seals: the ids of cases that the one who asks must not know of. An array, made once per statement.
-- A sealed case exists, of all who hold a role at its office or answer calls, for the named ones only.
CREATE OR REPLACE FUNCTION caremgmt_walled() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(w.case_id), '{}') FROM (
        SELECT case_id FROM cases_wall WHERE user_id = (SELECT caremgmt_uid()) AND lifted_at IS NULL
        UNION
        SELECT case_id FROM cases_wall WHERE group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND lifted_at IS NULL
        UNION
        SELECT s.case_id FROM cases_seal s WHERE s.lifted_at IS NULL AND (
            (SELECT caremgmt_uuids('do')) <> '{}'
            OR s.office_id IN (SELECT r.office_id FROM agencies_rolegrant r WHERE r.user_id = (SELECT caremgmt_uid())))
            AND NOT EXISTS (SELECT 1 FROM cases_sealmember m
                            WHERE m.seal_id = s.id AND m.user_id = (SELECT caremgmt_uid()) AND m.until IS NULL)
    ) AS w $$;

-- Guardian's rows of one case become the union of its grants in force; guardian's whole API keeps working.
CREATE OR REPLACE FUNCTION caremgmt_project_grants(wanted uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM cases_casegroupobjectpermission p WHERE p.content_object_id = wanted AND NOT EXISTS (
        SELECT 1 FROM cases_accessgrant g JOIN auth_permission a ON a.codename = 'view_' || g.section
        WHERE a.id = p.permission_id AND g.case_id = wanted AND g.group_id = p.group_id AND g.withdrawn_at IS NULL AND g.valid_from IS NOT NULL);
    DELETE FROM cases_caseuserobjectpermission p WHERE p.content_object_id = wanted AND NOT EXISTS (
        SELECT 1 FROM cases_accessgrant g JOIN auth_permission a ON a.codename = 'view_' || g.section
        WHERE a.id = p.permission_id AND g.case_id = wanted AND g.user_id = p.user_id AND g.withdrawn_at IS NULL AND g.valid_from IS NOT NULL);
    INSERT INTO cases_casegroupobjectpermission (group_id, permission_id, content_object_id, case_received_at)
        SELECT DISTINCT g.group_id, a.id, wanted, c.received_at
        FROM cases_accessgrant g JOIN cases_case c ON c.id = g.case_id
        JOIN auth_permission a ON a.codename = 'view_' || g.section
        JOIN django_content_type t ON t.id = a.content_type_id AND t.app_label = 'cases' AND t.model = 'case'
        WHERE g.case_id = wanted AND g.group_id IS NOT NULL AND g.withdrawn_at IS NULL AND g.valid_from IS NOT NULL
        ON CONFLICT DO NOTHING;
    INSERT INTO cases_caseuserobjectpermission (user_id, permission_id, content_object_id, case_received_at)
        SELECT DISTINCT g.user_id, a.id, wanted, c.received_at
        FROM cases_accessgrant g JOIN cases_case c ON c.id = g.case_id
        JOIN auth_permission a ON a.codename = 'view_' || g.section
        JOIN django_content_type t ON t.id = a.content_type_id AND t.app_label = 'cases' AND t.model = 'case'
        WHERE g.case_id = wanted AND g.user_id IS NOT NULL AND g.withdrawn_at IS NULL AND g.valid_from IS NOT NULL
        ON CONFLICT DO NOTHING;
$$;

-- Who may give: the case's own office (not past a wall), a worker, or, for callbacks and first contact, a desk to itself.
CREATE OR REPLACE FUNCTION caremgmt_may_grant(wanted uuid, office uuid, kind text, to_group integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) THEN
        RETURN false;  -- no verb is being carried out on this case
    END IF;
    IF caremgmt_is_worker() THEN
        RETURN true;
    END IF;
    IF wanted = ANY (caremgmt_walled()) THEN
        RETURN false;
    END IF;
    RETURN office = ANY (caremgmt_uuids('co')) OR (kind IN ('contact', 'follow_up') AND to_group = ANY (caremgmt_groups()));
END $$;

-- Open (or, with opens_now false, offer) sections of a case to a unit or a person.
CREATE OR REPLACE FUNCTION caremgmt_grant(
    wanted uuid, sections text[], to_group integer, to_user uuid, kind text, source uuid, because text, consented uuid,
    opens_now boolean, ends_at timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE office uuid; n integer;
BEGIN
    SELECT office_id INTO office FROM cases_case WHERE id = wanted;
    IF office IS NULL OR NOT caremgmt_may_grant(wanted, office, kind, to_group) THEN
        RAISE EXCEPTION 'this access cannot be given' USING ERRCODE = 'CM020';
    END IF;
    INSERT INTO cases_accessgrant (id, case_id, office_id, section, group_id, user_id, source_kind, source_id, basis, consent_id,
                                   offered_at, valid_from, valid_until)
        SELECT gen_random_uuid(), wanted, office, s, to_group, to_user, kind, source, because, consented, caremgmt_now(),
               CASE WHEN opens_now THEN caremgmt_now() END, ends_at
        FROM unnest(sections) AS s
        ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(wanted);
    RETURN n;
END $$;

-- What was offered opens: only a member of the unit that it was offered to can do it (or the person named).
CREATE OR REPLACE FUNCTION caremgmt_open_offer(source uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer; wanted uuid;
BEGIN
    SELECT case_id INTO wanted FROM cases_accessgrant WHERE source_id = source LIMIT 1;
    IF wanted IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR wanted = ANY (caremgmt_walled()) THEN
        RAISE EXCEPTION 'this access cannot be opened' USING ERRCODE = 'CM021';
    END IF;
    UPDATE cases_accessgrant SET valid_from = caremgmt_now()
        WHERE source_id = source AND valid_from IS NULL AND withdrawn_at IS NULL
        AND (group_id = ANY (caremgmt_groups()) OR user_id = caremgmt_uid() OR office_id = ANY (caremgmt_uuids('co')));
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(wanted);
    RETURN n;
END $$;

-- Take back all (or some sections) that one source gave: the case's office, the holder itself, or a worker.
CREATE OR REPLACE FUNCTION caremgmt_withdraw(source uuid, only_sections text[] DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer; wanted uuid;
BEGIN
    SELECT case_id INTO wanted FROM cases_accessgrant WHERE source_id = source LIMIT 1;
    IF wanted IS NULL THEN
        RETURN 0;
    END IF;
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) THEN
        RAISE EXCEPTION 'this access cannot be withdrawn' USING ERRCODE = 'CM022';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now()
        WHERE source_id = source AND withdrawn_at IS NULL AND (only_sections IS NULL OR section = ANY (only_sections))
        AND (caremgmt_is_worker() OR office_id = ANY (caremgmt_uuids('co')) OR group_id = ANY (caremgmt_groups()) OR user_id = caremgmt_uid());
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(wanted);
    RETURN n;
END $$;

-- At closing: contact, address and children's sections end at once; the rest after its retention.
CREATE OR REPLACE FUNCTION caremgmt_end_at_closing(wanted uuid, retention interval) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) THEN
        RAISE EXCEPTION 'this access cannot be ended' USING ERRCODE = 'CM022';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now()
        WHERE case_id = wanted AND withdrawn_at IS NULL AND section IN ('contact', 'children') AND source_kind <> 'manager';
    UPDATE cases_accessgrant SET valid_until = least(coalesce(valid_until, 'infinity'), caremgmt_now() + retention)
        WHERE case_id = wanted AND withdrawn_at IS NULL AND source_kind <> 'manager';
    PERFORM caremgmt_project_grants(wanted);
END $$;

-- Whether a unit or a person stands behind a wall of this case: answered only while the case's own office carries out a verb on it, so that
-- nothing is sent to a place that must not know. Nobody may read the walls themselves.
CREATE OR REPLACE FUNCTION caremgmt_stands_behind_wall(wanted uuid, of_group integer, of_user uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t')))
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('co'))) THEN
        RAISE EXCEPTION 'this wall is not shown' USING ERRCODE = 'CM024';
    END IF;
    RETURN EXISTS (SELECT 1 FROM cases_wall WHERE case_id = wanted AND lifted_at IS NULL AND (group_id = of_group OR user_id = of_user));
END $$;

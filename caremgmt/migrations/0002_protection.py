"""The database's protection, part 2 (written by `manage.py makeprotection`; frozen)."""

from django.db import migrations

SQL: list[str] = [
    # digest f25408925c461f7e
    """-- Walls and seals: the ids of cases that the one who asks must not know of. An array, made once per statement.
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
""",
    # digest 34941796b0a2fd92
    """-- Walls, seals and the meeting of fingerprints. Each function checks ticket and actor; nobody writes these tables otherwise.

-- The centre's managers and directors for whom a case still exists, but for one person and one unit: an array of user ids.
-- Asked by the functions below alone: a ticket for the case is needed.
CREATE OR REPLACE FUNCTION caremgmt_remaining(wanted uuid, but_group integer, but_user uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE today date := caremgmt_now()::date;
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
        AND NOT EXISTS (SELECT 1 FROM cases_wall w WHERE w.case_id = wanted AND w.lifted_at IS NULL AND w.user_id = r.user_id)
        AND NOT EXISTS (SELECT 1 FROM cases_seal s WHERE s.case_id = wanted AND s.lifted_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM cases_sealmember m WHERE m.seal_id = s.id AND m.user_id = r.user_id AND m.until IS NULL)));
END $$;

-- A wall: set by the case's centre (the service says by whom there); united, never told. Null where nobody would be left to handle the case.
CREATE OR REPLACE FUNCTION caremgmt_wall(wanted uuid, off_group integer, off_user uuid, because text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE office uuid; made uuid;
BEGIN
    SELECT office_id INTO office FROM cases_case WHERE id = wanted;
    IF office IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t')))
       OR NOT (caremgmt_is_worker() OR (office = ANY (caremgmt_uuids('co')) AND NOT (wanted = ANY (caremgmt_walled())))) THEN
        RAISE EXCEPTION 'this wall cannot be set' USING ERRCODE = 'CM023';
    END IF;
    SELECT id INTO made FROM cases_wall WHERE case_id = wanted AND lifted_at IS NULL
        AND group_id IS NOT DISTINCT FROM off_group AND user_id IS NOT DISTINCT FROM off_user LIMIT 1;
    IF made IS NOT NULL THEN
        -- somebody wants it to stand: a request to lift it is answered by that
        UPDATE cases_wall SET lift_asked_at = NULL, lift_asked_by_id = NULL WHERE id = made;
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
       OR w.case_id = ANY (caremgmt_walled())
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
DECLARE office uuid; made uuid; me uuid := caremgmt_uid(); today date := caremgmt_now()::date;
BEGIN
    SELECT office_id INTO office FROM cases_case WHERE id = wanted;
    IF office IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR NOT (office = ANY (caremgmt_uuids('di')))
       OR wanted = ANY (caremgmt_walled()) OR NOT (me = ANY (named))
       OR EXISTS (SELECT 1 FROM unnest(named) AS n WHERE NOT EXISTS (SELECT 1 FROM agencies_rolegrant r WHERE r.user_id = n AND r.office_id = office)) THEN
        RAISE EXCEPTION 'this seal cannot be set' USING ERRCODE = 'CM027';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
        WHERE r.user_id = ANY (named) AND r.office_id = office AND r.role = 'manager' AND r.since <= today AND (r.until IS NULL OR r.until >= today)
        AND NOT EXISTS (SELECT 1 FROM cases_wall w WHERE w.case_id = wanted AND w.lifted_at IS NULL AND w.user_id = r.user_id)) THEN
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

CREATE OR REPLACE FUNCTION caremgmt_unseal(wanted uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) OR wanted = ANY (caremgmt_walled())
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('di'))) THEN
        RAISE EXCEPTION 'this seal cannot be lifted' USING ERRCODE = 'CM027';
    END IF;
    UPDATE cases_seal SET lifted_at = caremgmt_now(), lifted_by_id = caremgmt_uid() WHERE case_id = wanted AND lifted_at IS NULL;
    RETURN FOUND;
END $$;

-- Fingerprints meet here, so that nobody reads either side. A respondent or relative who is staff is walled off; a client who is staff is
-- sealed to the director and the managers at hand. What the director has lifted once is not set by the same match again.
CREATE OR REPLACE FUNCTION caremgmt_conflict() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE met record; made uuid; moment timestamptz;
BEGIN
    IF coalesce(current_setting('app.identity', true), '') = '' THEN
        SELECT statement_timestamp() + make_interval(secs => coalesce(max(seconds), 0)::float8) INTO moment FROM core_clockoffset;
    ELSE
        moment := caremgmt_now();
    END IF;
    FOR met IN
        SELECT DISTINCT f.case_id, f.office_id, f.role, b.user_id
        FROM cases_fingerprint f JOIN agencies_identitybinding b
            ON (f.kind = 'id' AND b.id_fingerprint = f.digest) OR (f.kind = 'phone' AND b.phone_fingerprint = f.digest)
        WHERE f.role IN ('respondent', 'relative', 'client')
        AND CASE TG_TABLE_NAME WHEN 'cases_fingerprint' THEN f.digest = (to_jsonb(NEW)->>'digest')::bytea AND f.case_id = (to_jsonb(NEW)->>'case_id')::uuid
                               ELSE b.user_id = (to_jsonb(NEW)->>'user_id')::uuid END
    LOOP
        IF met.role <> 'client' THEN
            INSERT INTO cases_wall (id, case_id, office_id, user_id, reason, since)
                SELECT gen_random_uuid(), met.case_id, met.office_id, met.user_id, 'match', moment
                WHERE NOT EXISTS (SELECT 1 FROM cases_wall w WHERE w.case_id = met.case_id AND w.user_id = met.user_id
                                  AND (w.lifted_at IS NULL OR w.reason = 'match'));
        ELSIF NOT EXISTS (SELECT 1 FROM cases_seal s WHERE s.case_id = met.case_id AND (s.lifted_at IS NULL OR s.reason = 'staff')) THEN
            made := gen_random_uuid();
            INSERT INTO cases_seal (id, case_id, office_id, reason, since) VALUES (made, met.case_id, met.office_id, 'staff', moment);
            INSERT INTO cases_sealmember (id, seal_id, case_id, office_id, user_id, since)
                SELECT gen_random_uuid(), made, met.case_id, met.office_id, d.user_id, moment FROM (
                    SELECT DISTINCT r.user_id FROM agencies_rolegrant r JOIN cases_case c ON c.id = met.case_id
                    WHERE r.office_id = met.office_id AND r.user_id <> met.user_id
                    AND (r.role = 'director' OR (r.role = 'manager' AND r.user_id = coalesce(c.manager_id, r.user_id)))) AS d;
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
""",
    # digest 879026a0b7e95ea5
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_notification' LOOP EXECUTE format('DROP POLICY %I ON "agencies_notification"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_notification" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_notification" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_notification" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_notification" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (read_at) ON "agencies_notification" TO caremgmt_web;
CREATE POLICY web_select ON "agencies_notification" FOR SELECT TO caremgmt_web USING (user_id = (SELECT caremgmt_uid()) AND (case_id IS NULL OR case_id <> ALL ((SELECT caremgmt_walled())::uuid[])));
CREATE POLICY web_update ON "agencies_notification" FOR UPDATE TO caremgmt_web USING (user_id = (SELECT caremgmt_uid()) AND (case_id IS NULL OR case_id <> ALL ((SELECT caremgmt_walled())::uuid[]))) WITH CHECK (user_id = (SELECT caremgmt_uid()) AND (case_id IS NULL OR case_id <> ALL ((SELECT caremgmt_walled())::uuid[])));
GRANT SELECT, INSERT, UPDATE ON "agencies_notification" TO caremgmt_worker;
CREATE POLICY worker_select ON "agencies_notification" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "agencies_notification" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "agencies_notification" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 8ba3f159b51c5364
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_seal' LOOP EXECUTE format('DROP POLICY %I ON "cases_seal"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_seal" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_seal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_seal" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_seal" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_seal" TO caremgmt_web;
CREATE POLICY web_select ON "cases_seal" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) AND case_id <> ALL ((SELECT caremgmt_walled())::uuid[]));
GRANT SELECT ON "cases_seal" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_seal" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest ba1b4d3876d06302
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_sealmember' LOOP EXECUTE format('DROP POLICY %I ON "cases_sealmember"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_sealmember" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_sealmember" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_sealmember" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_sealmember" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_sealmember" TO caremgmt_web;
CREATE POLICY web_select ON "cases_sealmember" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) AND case_id <> ALL ((SELECT caremgmt_walled())::uuid[]));
GRANT SELECT ON "cases_sealmember" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_sealmember" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest d2e2868e02ecb05a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_wall' LOOP EXECUTE format('DROP POLICY %I ON "cases_wall"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_wall" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_wall" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_wall" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_wall" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_wall" TO caremgmt_web;
CREATE POLICY web_select ON "cases_wall" FOR SELECT TO caremgmt_web USING (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND (office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) OR (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND lift_asked_at IS NOT NULL AND lifted_at IS NULL)));
GRANT SELECT, UPDATE (settled_at) ON "cases_wall" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_wall" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "cases_wall" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
]


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("agencies", "0002_walls"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0002_walls"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("hotline", "0001_initial"),
        ("legalaid", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("referrals", "0001_initial"),
        ("reports", "0001_initial"),
        ("sessions", "0001_initial"),
        ("shelter", "0001_initial"),
        ("caremgmt", "0001_protection"),
    ]
    # Not reversible: going back would open the tables.
    operations = [migrations.RunSQL([(statement, None) for statement in SQL])]

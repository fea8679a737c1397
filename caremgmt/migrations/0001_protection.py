"""The database's protection, part 1 (written by `manage.py makeprotection`; frozen)."""

from django.db import migrations

SQL: list[str] = [
    # digest 937ca367a156b5eb
    """-- Who acts: verified once per statement (policies call these in sub-selects, which become init plans).

CREATE OR REPLACE FUNCTION caremgmt_identity() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    raw text := current_setting('app.identity', true);
    mac text := current_setting('app.identity_mac', true);
    k record;
    claims jsonb;
BEGIN
    IF raw IS NULL OR raw = '' THEN
        RAISE EXCEPTION 'identity is not set' USING ERRCODE = 'CM001';
    END IF;
    FOR k IN SELECT inner_pad, outer_pad FROM core_identitykey LOOP
        IF encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(raw, 'UTF8'))), 'hex') = mac THEN
            claims := raw::jsonb;
            -- bound to this backend and this transaction: a text read from another session is worth nothing here
            IF (claims->>'pid')::int = pg_backend_pid() AND claims->>'tx' = extract(epoch FROM now())::text THEN
                RETURN claims;
            END IF;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'identity is not valid' USING ERRCODE = 'CM002';
END $$;

CREATE OR REPLACE FUNCTION caremgmt_uid() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT (caremgmt_identity()->>'u')::uuid $$;

CREATE OR REPLACE FUNCTION caremgmt_uuids(claim text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value::uuid), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->claim, '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_groups() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value::integer), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->'g', '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_texts(claim text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->claim, '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_flag(flag text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT coalesce(caremgmt_identity()->'f' ? flag, false) $$;

CREATE OR REPLACE FUNCTION caremgmt_is_user() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT caremgmt_identity()->>'k' = 'user' $$;

CREATE OR REPLACE FUNCTION caremgmt_is_worker() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT caremgmt_identity()->>'k' = 'worker' $$;

CREATE OR REPLACE FUNCTION caremgmt_now() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(to_timestamp((claims->>'now')::float8), statement_timestamp() + make_interval(secs => coalesce((claims->>'off')::float8, 0)))
    FROM (SELECT caremgmt_identity() AS claims) AS i $$;

-- The day in Yunnan: the session's own zone is UTC, where a role that begins today has not begun before eight in the morning.
CREATE OR REPLACE FUNCTION caremgmt_today() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT (caremgmt_now() AT TIME ZONE 'Asia/Shanghai')::date $$;

-- Data keys are wrapped by the key ring and given only for subjects that the asker can name: nobody can list them. The anonymous get none.
CREATE OR REPLACE FUNCTION caremgmt_keys(subjects uuid[]) RETURNS TABLE (subject uuid, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.subject, k.wrapped FROM core_datakey k WHERE (caremgmt_is_user() OR caremgmt_is_worker()) AND k.subject = ANY (subjects) $$;

-- The clock of a real installation cannot be turned.
CREATE OR REPLACE FUNCTION caremgmt_refuse_real_clock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.seconds <> 0 AND NOT EXISTS (SELECT 1 FROM core_installation WHERE kind = 'demo') THEN
        RAISE EXCEPTION 'the clock of a real installation cannot be turned' USING ERRCODE = 'CM003';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS core_clockoffset_refuse ON core_clockoffset;
CREATE TRIGGER core_clockoffset_refuse BEFORE INSERT OR UPDATE ON core_clockoffset FOR EACH ROW EXECUTE FUNCTION caremgmt_refuse_real_clock();

-- A log is only ever written at its end.
CREATE OR REPLACE FUNCTION caremgmt_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this table is append-only' USING ERRCODE = 'CM004';
END $$;

DROP TRIGGER IF EXISTS core_audit_append_only ON core_audit;
CREATE TRIGGER core_audit_append_only BEFORE UPDATE OR DELETE ON core_audit FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
DROP TRIGGER IF EXISTS core_accesslog_append_only ON core_accesslog;
CREATE TRIGGER core_accesslog_append_only BEFORE DELETE OR UPDATE OF
    id, at, action, actor_id, actor_name, actor_role, actor_agency, address, route, object_type, object_id, case_id, office_id, sections, reason, count, case_ids
    ON core_accesslog FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();

-- The lists, exports and searches that showed a case, the newest so many. `@>` is not leakproof: under row-level security the index over
-- the cases of a list stays unused, and every row of the log would be read. Ids alone, to whom the log's policy shows rows of the case;
-- that policy is asked again for each row (AccessLog.objects.of_case).
CREATE OR REPLACE FUNCTION caremgmt_lists_of(which uuid, at_most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 500 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    all_offices boolean := caremgmt_flag('auditor');
    offices uuid[] := caremgmt_uuids('co') || caremgmt_uuids('di');
BEGIN
    IF which IS NULL OR NOT (all_offices OR (which <> ALL (caremgmt_walled()) AND NOT caremgmt_is_shut(which, true))) THEN
        RETURN;
    END IF;
    -- materialized: a plan that is kept for any limit would rather walk the whole log by time
    RETURN QUERY WITH found AS MATERIALIZED (
        SELECT l.id, l.at FROM core_accesslog l WHERE l.case_ids @> ARRAY[which] AND (all_offices OR l.office_id = ANY (offices)))
        SELECT found.id FROM found ORDER BY found.at DESC LIMIT greatest(coalesce(at_most, 0), 0);
END $$;
DROP TRIGGER IF EXISTS core_logseal_append_only ON core_logseal;
CREATE TRIGGER core_logseal_append_only BEFORE UPDATE OR DELETE ON core_logseal FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();

-- The next ordinal of a scope (kind, region, year); the number that people speak is a permutation of it, so that gaps tell nothing.
CREATE OR REPLACE FUNCTION caremgmt_next(wanted text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer;
BEGIN
    IF caremgmt_identity()->'t' IS NULL AND NOT caremgmt_is_worker() THEN
        RAISE EXCEPTION 'numbers are given inside a verb' USING ERRCODE = 'CM005';
    END IF;
    INSERT INTO core_counter AS c (scope, last) VALUES (wanted, 1)
        ON CONFLICT (scope) DO UPDATE SET last = c.last + 1 RETURNING last INTO n;
    RETURN n;
END $$;
""",
    # digest 0e83d27f76fd2a03
    """-- Recusal: the ids of cases that the one who asks must not know of, behind a wall or a seal. An array, made once per statement: nobody has many.
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

-- Whether a case of one's own centres is shut for the one who asks. What was handed over: another centre handles it now; the earlier one keeps its head
-- alone (`head`), and neither text nor person nor paper. A record of a minor that was closed or refused, on which nothing is owed: of its office's
-- managers it exists for its own, the director, whom a seal names and who holds an approval (docs/decisions/0010-approvals.md). What was merged is
-- as open as the case that was kept.
-- Asked for each row, as such cases become more with every year: of an open case its row answers, the identity is not even read.
CREATE OR REPLACE FUNCTION caremgmt_is_shut(wanted uuid, head boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE c record; of_minor boolean := false; claims jsonb; me uuid;
BEGIN
    LOOP
        SELECT office_id, status, manager_id, concerns_minor, merged_into_id INTO c FROM cases_case
            WHERE id = wanted AND status IN ('closed', 'not_accepted', 'transferred', 'merged');
        of_minor := of_minor OR c.concerns_minor;
        EXIT WHEN NOT FOUND OR c.status <> 'merged';
        wanted := c.merged_into_id;
    END LOOP;
    IF c.status IS NULL OR (c.status = 'transferred' AND head) OR (c.status <> 'transferred' AND NOT of_minor) THEN
        RETURN false;
    END IF;
    claims := caremgmt_identity();
    me := (claims->>'u')::uuid;
    IF NOT coalesce(claims->'co' ? c.office_id::text, false) THEN
        RETURN false;
    END IF;
    RETURN c.status = 'transferred' OR NOT (
        coalesce(claims->'di' ? c.office_id::text, false) OR c.manager_id IS NOT DISTINCT FROM me
        OR EXISTS (SELECT 1 FROM cases_recordapproval a WHERE a.case_id = wanted AND a.asker_id = me AND a.until > caremgmt_now())
        OR EXISTS (SELECT 1 FROM cases_workitem i WHERE i.case_id = wanted AND i.done_at IS NULL)
        OR EXISTS (SELECT 1 FROM cases_sealmember n JOIN cases_seal l ON l.id = n.seal_id AND l.lifted_at IS NULL
                   WHERE n.case_id = wanted AND n.user_id = me AND n.until IS NULL));
END $$;

-- The two together, for the functions that carry out a verb: this case does not exist for the one who asks (with `head`, not even its head).
CREATE OR REPLACE FUNCTION caremgmt_is_barred(wanted uuid, head boolean DEFAULT false) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(wanted = ANY (caremgmt_walled()), false) OR caremgmt_is_shut(wanted, head) $$;
COMMENT ON FUNCTION caremgmt_is_barred(uuid, boolean) IS 'internal';

-- Whether somebody else than the one who asks stands behind a wall of a case: in person, or with a unit, centre or desk.
CREATE OR REPLACE FUNCTION caremgmt_is_walled_off(wanted uuid, who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_wall w WHERE w.case_id = wanted AND w.lifted_at IS NULL AND (
        w.user_id = who
        OR w.group_id IN (SELECT n.group_id FROM agencies_rolegrant r JOIN agencies_unit n ON n.id = r.unit_id WHERE r.user_id = who)
        OR w.group_id IN (SELECT o.group_id FROM agencies_rolegrant r JOIN agencies_office o ON o.id = r.office_id WHERE r.user_id = who))) $$;
COMMENT ON FUNCTION caremgmt_is_walled_off IS 'internal';

-- Guardian's rows of one case become the union of its grants in force; guardian's whole API keeps working. Called by the functions below only.
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
COMMENT ON FUNCTION caremgmt_project_grants IS 'internal';

-- Who may give: the case's own office (not past a wall), a worker, or, for callbacks and first contact, a desk to itself what a call needs
-- (a desk and nobody else: a unit that carries out a verb on the case must not widen what it was given).
DROP FUNCTION IF EXISTS caremgmt_may_grant(uuid, uuid, text, integer);
CREATE OR REPLACE FUNCTION caremgmt_may_grant(wanted uuid, office uuid, kind text, to_group integer, sections text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) THEN
        RETURN false;  -- no verb is being carried out on this case
    END IF;
    IF caremgmt_is_worker() THEN
        RETURN true;
    END IF;
    IF caremgmt_is_barred(wanted) THEN
        RETURN false;
    END IF;
    RETURN office = ANY (caremgmt_uuids('co'))
        OR (kind IN ('contact', 'follow_up') AND to_group = ANY (caremgmt_groups()) AND sections <@ ARRAY['header', 'identity', 'safe_contact', 'callback']
            AND EXISTS (SELECT 1 FROM agencies_office o WHERE o.group_id = to_group AND o.kind = 'desk' AND o.id = ANY (caremgmt_uuids('do'))));
END $$;
COMMENT ON FUNCTION caremgmt_may_grant IS 'internal';

-- Whether a consent still carries anything: given in this case, not taken back, not past its end.
CREATE OR REPLACE FUNCTION caremgmt_consent_holds(consented uuid, wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_consent WHERE id = consented AND case_id = wanted AND withdrawn_at IS NULL
                   AND (valid_until IS NULL OR valid_until > caremgmt_now())) $$;
COMMENT ON FUNCTION caremgmt_consent_holds IS 'internal';

-- Open (or, with opens_now false, offer) sections of a case to a unit or a person; with both, to the person as a member of that unit.
CREATE OR REPLACE FUNCTION caremgmt_grant(
    wanted uuid, sections text[], to_group integer, to_user uuid, kind text, source uuid, because text, consented uuid,
    opens_now boolean, ends_at timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE office uuid; n integer;
BEGIN
    SELECT office_id INTO office FROM cases_case WHERE id = wanted;
    IF office IS NULL OR NOT caremgmt_may_grant(wanted, office, kind, to_group, sections) THEN
        RAISE EXCEPTION 'this access cannot be given' USING ERRCODE = 'CM020';
    END IF;
    IF consented IS NOT NULL THEN
        IF NOT caremgmt_consent_holds(consented, wanted) THEN
            RAISE EXCEPTION 'this consent has ended' USING ERRCODE = 'CM020';
        END IF;
        ends_at := least(ends_at, (SELECT valid_until FROM cases_consent WHERE id = consented));
    END IF;
    INSERT INTO cases_accessgrant (id, case_id, office_id, section, group_id, user_id, member_of, at_office, source_kind, source_id, basis,
                                   consent_id, offered_at, valid_from, valid_until)
        SELECT gen_random_uuid(), wanted, office, s, CASE WHEN to_user IS NULL THEN to_group END, to_user,
               CASE WHEN to_user IS NOT NULL THEN to_group END, CASE WHEN to_user IS NOT NULL AND kind IN ('manager', 'stay') THEN office END,
               kind, source, because, consented, caremgmt_now(),
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
    IF wanted IS NULL OR NOT (wanted = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(wanted) THEN
        RAISE EXCEPTION 'this access cannot be opened' USING ERRCODE = 'CM021';
    END IF;
    UPDATE cases_accessgrant SET valid_from = caremgmt_now()
        WHERE source_id = source AND case_id = wanted AND valid_from IS NULL AND withdrawn_at IS NULL
        AND (group_id = ANY (caremgmt_groups())
             OR (user_id = caremgmt_uid() AND (member_of IS NULL OR member_of = ANY (caremgmt_groups()))))
        AND (consent_id IS NULL OR caremgmt_consent_holds(consent_id, wanted));
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(wanted);
    RETURN n;
END $$;

-- A letter's holder passes it on inside the agency: to a liaison of the own unit, or to a unit (or a liaison of it) directly above, below or beside
-- it. What was offered or opened to the holder goes with it, under the same basis, consent and end; the holder has it no more, and what one person
-- of the unit had been opened at once stays only while the letter stays in that unit. What rests on consent goes to no other unit than the one that
-- the consent names. False where the receiver cannot take it (not one of the
-- agency, no liaison, or behind a wall of the case: the answer is the same, so that it tells nothing).
CREATE OR REPLACE FUNCTION caremgmt_pass_on(source uuid, to_group integer, to_user uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held cases_accessgrant; from_group integer; taken boolean;
BEGIN
    SELECT * INTO held FROM cases_accessgrant g WHERE g.source_id = source AND g.section = 'letter' AND g.withdrawn_at IS NULL
        AND g.source_kind = 'referral' AND (g.group_id = ANY (caremgmt_groups()) OR (g.user_id = caremgmt_uid() AND g.member_of = ANY (caremgmt_groups())));
    IF held.id IS NULL OR NOT (held.case_id = ANY (caremgmt_uuids('t'))) OR caremgmt_is_barred(held.case_id) THEN
        RAISE EXCEPTION 'this letter cannot be passed on' USING ERRCODE = 'CM021';
    END IF;
    from_group := coalesce(held.group_id, held.member_of);
    SELECT EXISTS (
        SELECT 1 FROM agencies_unit a JOIN agencies_unit b ON b.group_id = to_group
            AND (b.id = a.id OR b.parent_id = a.id OR a.parent_id = b.id OR a.parent_id = b.parent_id)
        WHERE a.group_id = from_group AND b.is_active AND b.kind = a.kind AND (to_user IS NOT NULL OR b.id <> a.id)
        AND (to_user IS NULL OR EXISTS (
            SELECT 1 FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
            WHERE r.unit_id = b.id AND r.user_id = to_user AND r.role IN ('liaison', 'aid_officer')
            AND r.since <= caremgmt_today() AND (r.until IS NULL OR r.until >= caremgmt_today())))
    ) AND NOT EXISTS (
        SELECT 1 FROM cases_wall w WHERE w.case_id = held.case_id AND w.lifted_at IS NULL AND w.group_id = to_group
    ) AND NOT EXISTS (
        SELECT 1 FROM cases_accessgrant g JOIN cases_consent o ON o.id = g.consent_id JOIN agencies_unit b ON b.group_id = to_group
        WHERE g.source_id = source AND g.case_id = held.case_id AND g.withdrawn_at IS NULL AND o.unit_id <> b.id
    ) AND NOT caremgmt_is_walled_off(held.case_id, to_user) AND (to_user IS NULL OR to_user IS DISTINCT FROM held.user_id) INTO taken;
    IF NOT taken THEN
        RETURN false;
    END IF;
    WITH ended AS (
        UPDATE cases_accessgrant g SET withdrawn_at = caremgmt_now()
            WHERE g.source_id = source AND g.case_id = held.case_id AND g.withdrawn_at IS NULL
            AND ((g.group_id IS NOT DISTINCT FROM held.group_id AND g.user_id IS NOT DISTINCT FROM held.user_id) OR g.member_of <> to_group)
        RETURNING g.*)
    INSERT INTO cases_accessgrant (id, case_id, office_id, section, group_id, user_id, member_of, at_office, source_kind, source_id, basis,
                                   consent_id, offered_at, valid_from, valid_until)
        SELECT gen_random_uuid(), e.case_id, e.office_id, e.section, CASE WHEN to_user IS NULL THEN to_group END, to_user,
               CASE WHEN to_user IS NOT NULL THEN to_group END, NULL, e.source_kind, e.source_id, e.basis, e.consent_id, e.offered_at,
               e.valid_from, e.valid_until
        FROM ended e WHERE e.group_id IS NOT DISTINCT FROM held.group_id AND e.user_id IS NOT DISTINCT FROM held.user_id
        ON CONFLICT DO NOTHING;
    PERFORM caremgmt_project_grants(held.case_id);
    RETURN true;
END $$;

-- Take back all (or some sections) that one source gave: the case's office, the holder itself, the unit that a named holder has it for, or a worker.
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
        WHERE source_id = source AND case_id = wanted AND withdrawn_at IS NULL AND (only_sections IS NULL OR section = ANY (only_sections))
        AND (caremgmt_is_worker() OR office_id = ANY (caremgmt_uuids('co')) OR group_id = ANY (caremgmt_groups()) OR user_id = caremgmt_uid()
             OR member_of = ANY (caremgmt_groups()));
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(wanted);
    RETURN n;
END $$;

-- The work that one source asked for is done: contact, address and children's sections end at once, the rest after its retention. The letter stays.
CREATE OR REPLACE FUNCTION caremgmt_end_source(source uuid, retention interval) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wanted uuid;
BEGIN
    SELECT case_id INTO wanted FROM cases_accessgrant WHERE source_id = source LIMIT 1;
    IF wanted IS NULL THEN
        RETURN;
    END IF;
    IF NOT (wanted = ANY (caremgmt_uuids('t')))
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND (caremgmt_is_worker() OR office_id = ANY (caremgmt_uuids('co')))) THEN
        RAISE EXCEPTION 'this access cannot be ended' USING ERRCODE = 'CM022';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now(), end_reason = 'done'
        WHERE source_id = source AND withdrawn_at IS NULL AND (section IN ('contact', 'safe_contact', 'children') OR valid_from IS NULL);
    UPDATE cases_accessgrant SET valid_until = least(coalesce(valid_until, 'infinity'), caremgmt_now() + retention)
        WHERE source_id = source AND withdrawn_at IS NULL AND section <> 'letter';
    PERFORM caremgmt_project_grants(wanted);
END $$;

-- At closing: contact, address, the safe number and children's sections end at once; the rest after its retention. Closing is the office's own verb.
CREATE OR REPLACE FUNCTION caremgmt_end_at_closing(wanted uuid, retention interval) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t'))) OR NOT (caremgmt_is_worker()
       OR EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('co')))) THEN
        RAISE EXCEPTION 'this access cannot be ended' USING ERRCODE = 'CM022';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now()
        WHERE case_id = wanted AND withdrawn_at IS NULL AND section IN ('contact', 'safe_contact', 'children') AND source_kind <> 'manager';
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
    RETURN caremgmt_is_walled_off(wanted, of_user)
        OR EXISTS (SELECT 1 FROM cases_wall WHERE case_id = wanted AND lifted_at IS NULL AND group_id = of_group);
END $$;

-- The walls of one case stand around another as well, with what has been found out about them: where only a name had set one there, what is certain
-- here is certain there, and its question is settled anew.
CREATE OR REPLACE FUNCTION caremgmt_copy_walls(from_case uuid, to_case uuid, of_office uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE cases_wall o SET reason = w.reason, party_role = w.party_role, confirmed_at = w.confirmed_at, confirmed_by_id = w.confirmed_by_id,
                            settled_at = NULL
        FROM cases_wall w
        WHERE w.case_id = from_case AND w.lifted_at IS NULL AND NOT (w.reason = 'name' AND w.confirmed_at IS NULL)
        AND o.case_id = to_case AND o.lifted_at IS NULL AND o.reason = 'name' AND o.confirmed_at IS NULL AND o.user_id = w.user_id;
    INSERT INTO cases_wall (id, case_id, office_id, group_id, user_id, reason, party_role, confirmed_at, confirmed_by_id, since)
        SELECT DISTINCT ON (w.group_id, w.user_id) gen_random_uuid(), to_case, of_office, w.group_id, w.user_id, w.reason, w.party_role,
               w.confirmed_at, w.confirmed_by_id, caremgmt_now()
        FROM cases_wall w
        WHERE w.case_id = from_case AND w.lifted_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM cases_wall o WHERE o.case_id = to_case AND o.lifted_at IS NULL
            AND o.group_id IS NOT DISTINCT FROM w.group_id AND o.user_id IS NOT DISTINCT FROM w.user_id)
        ORDER BY w.group_id, w.user_id, (w.reason = 'name' AND w.confirmed_at IS NULL), w.reason;
$$;
COMMENT ON FUNCTION caremgmt_copy_walls IS 'internal';

-- Two cases of one centre about one person become one: of what was shared of the case that stays, a holder keeps a section only where it held it in
-- both, and no longer than in either; walls stand around both. What rests on a duty that goes on (managing, a bed held while nobody
-- manages, a first contact, a callback that is due) and the letters themselves stay: merging opens nothing more through them. All that was shared of the merged case ends. Returns how many grants ended.
CREATE OR REPLACE FUNCTION caremgmt_merge_access(merged uuid, kept uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE office uuid; n integer;
BEGIN
    SELECT a.office_id INTO office FROM cases_case a JOIN cases_case b ON b.id = kept AND b.office_id = a.office_id
        WHERE a.id = merged AND merged <> kept;
    IF office IS NULL OR NOT (ARRAY[merged, kept] <@ caremgmt_uuids('t')) OR NOT (office = ANY (caremgmt_uuids('co')))
       OR caremgmt_is_barred(merged) OR caremgmt_is_barred(kept) THEN
        RAISE EXCEPTION 'these cases cannot be merged' USING ERRCODE = 'CM025';
    END IF;
    WITH both_held AS (
        SELECT k.id, max(coalesce(m.valid_until, 'infinity')) AS until
        FROM cases_accessgrant k JOIN cases_accessgrant m ON m.case_id = merged AND m.section = k.section
            AND m.group_id IS NOT DISTINCT FROM k.group_id AND m.user_id IS NOT DISTINCT FROM k.user_id
            AND m.withdrawn_at IS NULL AND m.valid_from <= caremgmt_now() AND (m.valid_until IS NULL OR m.valid_until > caremgmt_now())
        WHERE k.case_id = kept AND k.withdrawn_at IS NULL GROUP BY k.id)
    UPDATE cases_accessgrant g SET
        withdrawn_at = CASE WHEN b.id IS NULL THEN caremgmt_now() END,
        valid_until = CASE WHEN b.until < 'infinity' THEN least(g.valid_until, b.until) ELSE g.valid_until END
        FROM cases_accessgrant k LEFT JOIN both_held b ON b.id = k.id
        WHERE g.id = k.id AND k.case_id = kept AND k.withdrawn_at IS NULL AND k.section <> 'letter'
        AND k.source_kind NOT IN ('manager', 'stay', 'contact', 'follow_up');
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now()
        WHERE case_id = merged AND withdrawn_at IS NULL AND source_kind <> 'manager';
    PERFORM caremgmt_copy_walls(merged, kept, office);
    PERFORM caremgmt_copy_walls(kept, merged, office);
    SELECT count(*) INTO n FROM cases_accessgrant WHERE case_id IN (merged, kept) AND withdrawn_at = caremgmt_now();
    PERFORM caremgmt_project_grants(merged);
    PERFORM caremgmt_project_grants(kept);
    RETURN n;
END $$;
""",
    # digest b828c51bf6909440
    """-- The promise: every open case, and every accepted contact, has a next step with an owner and a due time.
-- The step is one that the case's own centre answers for: what another centre was asked leaves the responsibility where it is.
-- Deferred to the verb's end; it locks the subject before it counts, so two who finish the last two items cannot both succeed.

CREATE OR REPLACE FUNCTION caremgmt_promise_case(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE state text; office uuid;
BEGIN
    SELECT status, office_id INTO state, office FROM cases_case WHERE id = wanted FOR UPDATE;
    IF state IN ('received', 'assessed', 'in_progress', 'follow_up')
       AND NOT EXISTS (SELECT 1 FROM cases_workitem WHERE case_id = wanted AND office_id = office AND done_at IS NULL) THEN
        RAISE EXCEPTION 'an open case must have a next step' USING ERRCODE = 'CM030';
    END IF;
END $$;
COMMENT ON FUNCTION caremgmt_promise_case IS 'internal';

CREATE OR REPLACE FUNCTION caremgmt_promise_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM caremgmt_promise_case(NEW.id);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION caremgmt_promise_of_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.case_id IS NOT NULL THEN
        PERFORM caremgmt_promise_case(OLD.case_id);
    ELSE
        PERFORM caremgmt_promise_contact(OLD.contact_id);
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS cases_case_promise ON cases_case;
CREATE CONSTRAINT TRIGGER cases_case_promise AFTER INSERT OR UPDATE OF status ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION caremgmt_promise_of_case();
DROP TRIGGER IF EXISTS cases_workitem_promise ON cases_workitem;
CREATE CONSTRAINT TRIGGER cases_workitem_promise AFTER UPDATE OF done_at, case_id OR DELETE ON cases_workitem
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION caremgmt_promise_of_item();

-- Closed is locked: nothing changes but by reopening.
CREATE OR REPLACE FUNCTION caremgmt_closed_is_locked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.status IN ('closed', 'not_accepted', 'transferred', 'merged') AND NEW.status = OLD.status THEN
        RAISE EXCEPTION 'a closed case is locked' USING ERRCODE = 'CM031';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS cases_case_locked ON cases_case;
CREATE TRIGGER cases_case_locked BEFORE UPDATE ON cases_case FOR EACH ROW EXECUTE FUNCTION caremgmt_closed_is_locked();

CREATE OR REPLACE FUNCTION caremgmt_row_of_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.case_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM cases_case WHERE id = NEW.case_id AND status IN ('closed', 'not_accepted', 'transferred', 'merged')) THEN
        RAISE EXCEPTION 'a closed case is locked' USING ERRCODE = 'CM031';
    END IF;
    RETURN NEW;
END $$;
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['cases_party', 'cases_partyidentity', 'cases_partycontact', 'cases_safecontact', 'cases_sectiontext',
                             'cases_riskassessment', 'cases_followup', 'cases_servicerecord'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', t || '_locked', t);
        -- Never deferred: a closing verb changes rows of the case before it closes it, and another verb may have deferred all constraints.
        EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE ON %I NOT DEFERRABLE '
                       'FOR EACH ROW WHEN (current_user <> ''caremgmt_owner'') EXECUTE FUNCTION caremgmt_row_of_closed()', t || '_locked', t);
    END LOOP;
END $$;
""",
    # digest f92ac42fce712600
    """-- Nobody and no room is in two places at once: of two who book at the same moment the database chooses one. What is freed counts no more.
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'booking_room_free') THEN
        ALTER TABLE cases_booking ADD CONSTRAINT booking_room_free
            EXCLUDE USING gist (room_id WITH =, tstzrange(since, until) WITH &&) WHERE (freed_at IS NULL AND room_id IS NOT NULL);
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'booking_person_free') THEN
        ALTER TABLE cases_booking ADD CONSTRAINT booking_person_free
            EXCLUDE USING gist (user_id WITH =, tstzrange(since, until) WITH &&) WHERE (freed_at IS NULL AND user_id IS NOT NULL);
    END IF;
END $$;
""",
    # digest 2f5a51c12e7b81a0
    """-- Her consent ends: every access that rests on it ends in the same moment; what another source, or another consent, gave stays.
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
""",
    # digest 191c53d180216f49
    """-- Walls, seals and the meeting of fingerprints. Each function checks ticket and actor; nobody writes these tables otherwise.

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
""",
    # digest d94313572e58117f
    """-- 查阅审批: the director of the centre, or the reviewer who is named where it has none, opens a closed record of a minor to one person of the centre, until a day. "nothing" where there is no such
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
""",
    # digest b595427b70ab20c1
    """-- 紧急查看: what an emergency view opens, for whom and until when, is decided here alone.

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
""",
    # digest e67543ba563dfe9d
    """-- 联合办理: what a second centre's people see, and the end of it, is decided here.

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
""",
    # digest 80ed6eb6a02f5e5f
    """-- A party of a case has the name of somebody on the staff, and nothing says yet whether it is the same human: for that one the case does not exist
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
""",
    # digest f12a0cfd0a794d72
    """-- Transfer between centres: what the database holds by itself.

-- Who at another centre could take a case over: 'some' where a case manager or director is there for whom it exists, else 'none'; 'sealed'
-- for a case that is open to named people of its own centre alone. Asked by the case's own office inside a verb on it; who stands behind a
-- wall there is not told, only that the centre cannot take it.
CREATE OR REPLACE FUNCTION caremgmt_transfer_takers(wanted uuid, place uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE today date := caremgmt_today();
BEGIN
    IF NOT (wanted = ANY (caremgmt_uuids('t')))
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = wanted AND office_id = ANY (caremgmt_uuids('co'))) THEN
        RAISE EXCEPTION 'this is not answered' USING ERRCODE = 'CM024';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_seal WHERE case_id = wanted AND lifted_at IS NULL) THEN
        RETURN 'sealed';
    END IF;
    RETURN CASE WHEN EXISTS (
        SELECT 1 FROM agencies_rolegrant r JOIN agencies_user u ON u.id = r.user_id AND u.is_active
        WHERE r.office_id = place AND r.role IN ('manager', 'director') AND r.since <= today AND (r.until IS NULL OR r.until >= today)
        AND NOT caremgmt_is_walled_off(wanted, r.user_id)) THEN 'some' ELSE 'none' END;
END $$;

-- A case is taken over: all that was shared of the earlier one ends at once, and its walls stand around the successor too. By somebody of
-- the centre that was asked, never past a wall; a client who is staff is sealed there anew, by the meeting of fingerprints.
CREATE OR REPLACE FUNCTION caremgmt_take_over(letter uuid, follows uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE t record; n integer;
BEGIN
    SELECT case_id, to_office_id INTO t FROM cases_transfer WHERE id = letter AND status = 'asked';
    IF NOT FOUND OR NOT (ARRAY[t.case_id, follows] <@ caremgmt_uuids('t')) OR NOT (t.to_office_id = ANY (caremgmt_uuids('co')))
       OR caremgmt_is_barred(t.case_id, true)
       OR NOT EXISTS (SELECT 1 FROM cases_case WHERE id = follows AND office_id = t.to_office_id AND predecessor_id = t.case_id) THEN
        RAISE EXCEPTION 'this case cannot be taken over' USING ERRCODE = 'CM032';
    END IF;
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now() WHERE case_id = t.case_id AND withdrawn_at IS NULL;
    GET DIAGNOSTICS n = ROW_COUNT;
    PERFORM caremgmt_project_grants(t.case_id);
    PERFORM caremgmt_copy_walls(t.case_id, follows, t.to_office_id);
    RETURN n;
END $$;

-- No case is handed over into the air: it ends as transferred only where another centre has taken it over.
CREATE OR REPLACE FUNCTION caremgmt_transferred_has_taker() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_transfer t JOIN cases_case s ON s.id = t.successor_id AND s.predecessor_id = NEW.id
                   WHERE t.case_id = NEW.id AND t.status = 'accepted') THEN
        RAISE EXCEPTION 'a transferred case is taken over by another centre' USING ERRCODE = 'CM033';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_case_transferred ON cases_case;
CREATE CONSTRAINT TRIGGER cases_case_transferred AFTER UPDATE OF status ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'transferred') EXECUTE FUNCTION caremgmt_transferred_has_taker();
""",
    # digest 0c79785dbd1c6554
    """-- An accepted contact that still owes something has a next step, like a case.
CREATE OR REPLACE FUNCTION caremgmt_promise_contact(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE state text;
BEGIN
    SELECT status INTO state FROM hotline_contact WHERE id = wanted FOR UPDATE;
    IF state = 'open' AND NOT EXISTS (SELECT 1 FROM cases_workitem WHERE contact_id = wanted AND case_id IS NULL AND done_at IS NULL) THEN
        RAISE EXCEPTION 'an open contact must have a next step' USING ERRCODE = 'CM030';
    END IF;
END $$;
COMMENT ON FUNCTION caremgmt_promise_contact IS 'internal';
CREATE OR REPLACE FUNCTION caremgmt_promise_of_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM caremgmt_promise_contact(NEW.id);
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS hotline_contact_promise ON hotline_contact;
CREATE CONSTRAINT TRIGGER hotline_contact_promise AFTER INSERT OR UPDATE OF status ON hotline_contact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION caremgmt_promise_of_contact();
""",
    # digest 80c43a4fe371065c
    """-- "Known?": the operator types what the caller says and gets one word back. Only with a live contact of her own, five times in a call and
-- forty times a day, over the centres of the desk's region, never past a wall. Each question is a row of the log, written here: no way around it.
-- 'respondent' warns: the number is one of a person complained of.
CREATE OR REPLACE FUNCTION caremgmt_match(live uuid, wanted text, seen bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE prefix text; roles text[]; at_office uuid;
BEGIN
    SELECT CASE r.level WHEN 'province' THEN left(r.code, 2) WHEN 'prefecture' THEN left(r.code, 4) ELSE left(r.code, 6) END, c.office_id
        INTO prefix, at_office
        FROM hotline_contact c JOIN agencies_office o ON o.id = c.office_id JOIN agencies_region r ON r.code = o.region_id
        WHERE c.id = live AND c.operator_id = caremgmt_uid() AND c.status = 'draft';
    IF prefix IS NULL
       OR (SELECT count(*) FROM core_accesslog WHERE object_id = live AND reason = 'number') >= 5
       OR (SELECT count(*) FROM core_accesslog WHERE actor_id = caremgmt_uid() AND action = 'search' AND reason = 'number'
           AND at > caremgmt_now() - interval '1 day') >= 40 THEN
        RAISE EXCEPTION 'this cannot be asked' USING ERRCODE = 'CM040';
    END IF;
    INSERT INTO core_accesslog (id, at, action, actor_id, actor_name, actor_role, actor_agency, route, object_type, object_id, office_id, sections, reason)
        VALUES (gen_random_uuid(), caremgmt_now(), 'search', caremgmt_uid(), '', 'operator', '', '', 'hotline.contact', live, at_office, '', 'number');
    SELECT array_agg(f.role) INTO roles FROM cases_fingerprint f JOIN agencies_office o ON o.id = f.office_id
        WHERE f.digest = seen AND f.kind = wanted AND wanted IN ('id', 'phone') AND o.region_id LIKE prefix || '%' AND NOT caremgmt_is_barred(f.case_id);
    RETURN CASE WHEN roles IS NULL THEN 'none' WHEN 'respondent' = ANY (roles) THEN 'respondent' ELSE 'match' END;
END $$;
""",
    # digest 7ae833322263d68b
    """-- Guardian's view_letter on a referral follows its letter grants: the unit's, or the named liaison's.
CREATE OR REPLACE FUNCTION caremgmt_letter_permission() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE permission integer;
BEGIN
    IF NEW.section <> 'letter' THEN
        RETURN NULL;
    END IF;
    SELECT p.id INTO permission FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
        WHERE t.app_label = 'referrals' AND t.model = 'referral' AND p.codename = 'view_letter';
    IF NEW.withdrawn_at IS NULL AND NEW.valid_from IS NOT NULL THEN
        IF NEW.group_id IS NOT NULL THEN
            INSERT INTO referrals_referralgroupobjectpermission (group_id, permission_id, content_object_id, sent_at)
                VALUES (NEW.group_id, permission, NEW.source_id, NEW.offered_at) ON CONFLICT DO NOTHING;
        ELSE
            INSERT INTO referrals_referraluserobjectpermission (user_id, permission_id, content_object_id, sent_at)
                VALUES (NEW.user_id, permission, NEW.source_id, NEW.offered_at) ON CONFLICT DO NOTHING;
        END IF;
    ELSE
        DELETE FROM referrals_referralgroupobjectpermission
            WHERE group_id = NEW.group_id AND permission_id = permission AND content_object_id = NEW.source_id;
        DELETE FROM referrals_referraluserobjectpermission
            WHERE user_id = NEW.user_id AND permission_id = permission AND content_object_id = NEW.source_id;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_accessgrant_letter ON cases_accessgrant;
CREATE TRIGGER cases_accessgrant_letter AFTER INSERT OR UPDATE ON cases_accessgrant FOR EACH ROW EXECUTE FUNCTION caremgmt_letter_permission();
""",
    # digest 4beeaebd0fc4355d
    """-- Which cases stand on the agenda of one of the own centre's conferences: what the ticket of a verb on the whole conference must name. Ids
-- only: whoever stands behind a wall of one of them still sees no row of it.
CREATE OR REPLACE FUNCTION caremgmt_conference_cases(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.case_id FROM referrals_agendaitem a JOIN referrals_conference c ON c.id = a.conference_id
    WHERE a.conference_id = wanted AND c.office_id = ANY (caremgmt_uuids('co')) $$;
""",
    # digest 93a7eced3ea239d4
    """-- Whether somebody could hold what is addressed to one person of a unit in this case: an active liaison of the unit today, for whom the case exists.
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
""",
    # digest e0cd0e08f10f00ea
    """-- A letter that lies with a whole unit goes to one liaison of it, whom the case's own centre names: what was offered or opened to the unit goes with it,
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
""",
    # digest 76902949c4a500ad
    """-- What each person of a unit has in hand, as numbers: how many letters, how many of them not accepted yet, how many late, when the nearest is due.
-- Asked by a member of the unit; letters to a named colleague are counted here and read by her alone. A case that does not exist for the one who asks
-- is not counted (as `core.protection.clear` says it, here and below). Without a person: letters of the whole unit that nobody has taken.
CREATE OR REPLACE FUNCTION caremgmt_unit_load(of_group integer)
RETURNS TABLE (holder uuid, named boolean, owed bigint, fresh bigint, late bigint, soonest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(r.named_liaison_id, r.accepted_by_id), r.named_liaison_id IS NOT NULL, count(*), count(*) FILTER (WHERE r.status = 'sent'),
           count(*) FILTER (WHERE r.due_at < (SELECT caremgmt_now())), min(r.due_at)
    FROM referrals_referral r
    WHERE r.group_id = of_group AND of_group = ANY ((SELECT caremgmt_groups())::integer[]) AND r.due_at IS NOT NULL
        AND r.case_id <> ALL ((SELECT caremgmt_walled())::uuid[])
        AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(r.case_id, false))
    GROUP BY 1, 2 $$;

-- The course of a unit's letters of a time, for its own figures: times and codes, no id, no case, no category, no person; those that it declined or
-- that were recalled too, which it sees no more. Asked by a member of the unit; a case that does not exist for her is left out.
CREATE OR REPLACE FUNCTION caremgmt_unit_letters(of_group integer, begins timestamptz, ends timestamptz)
RETURNS TABLE (sent_at timestamptz, accept_due_at timestamptz, accepted_at timestamptz, answer_due_at timestamptz, responded_at timestamptz,
               status varchar, decline_reason varchar, result varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.sent_at, r.accept_due_at, r.accepted_at, r.answer_due_at, r.responded_at, r.status, r.decline_reason, r.result
    FROM referrals_referral r
    WHERE r.group_id = of_group AND of_group = ANY ((SELECT caremgmt_groups())::integer[]) AND r.sent_at >= begins AND r.sent_at < ends
        AND r.case_id <> ALL ((SELECT caremgmt_walled())::uuid[])
        AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(r.case_id, false))
    ORDER BY r.sent_at $$;

-- The units below one's own in the tree, for the four quarters that are over: letters received, and answered in time. A unit's letters are no business
-- of the one above: cells from 1 to 4 are not told, nor a part from which one could be worked out. Quarters do not overlap and nothing is summed, so
-- that no two answers can be subtracted from each other.
CREATE OR REPLACE FUNCTION caremgmt_units_below(of_group integer)
RETURNS TABLE (unit_id uuid, quarter date, received bigint, in_time bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE below AS (
        SELECT u.id, u.group_id FROM agencies_unit u JOIN agencies_unit p ON p.id = u.parent_id
            WHERE p.group_id = of_group AND of_group = ANY ((SELECT caremgmt_groups())::integer[]) AND u.is_active
        UNION
        SELECT u.id, u.group_id FROM agencies_unit u JOIN below b ON u.parent_id = b.id WHERE u.is_active
    ), quarters AS (
        SELECT (date_trunc('quarter', (SELECT caremgmt_now()) AT TIME ZONE 'Asia/Shanghai') - n * interval '3 months') AS begins
        FROM generate_series(1, 4) AS n
    ), counted AS (
        SELECT b.id, q.begins::date AS quarter, count(r.id) AS n, count(r.id) FILTER (WHERE r.responded_at <= r.answer_due_at) AS k
        FROM below b CROSS JOIN quarters q
        LEFT JOIN referrals_referral r ON r.group_id = b.group_id AND r.sent_at >= q.begins AT TIME ZONE 'Asia/Shanghai'
            AND r.sent_at < (q.begins + interval '3 months') AT TIME ZONE 'Asia/Shanghai' AND r.case_id <> ALL ((SELECT caremgmt_walled())::uuid[])
        AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(r.case_id, false))
        GROUP BY b.id, q.begins
    )
    SELECT id, quarter, CASE WHEN n = 0 OR n >= 5 THEN n END,
           CASE WHEN n >= 5 AND k NOT BETWEEN 1 AND 4 AND n - k NOT BETWEEN 1 AND 4 THEN k END
    FROM counted $$;
""",
    # digest 53cca9cd401471c5
    """-- A bed is nobody's twice: two who hold it at the same moment cannot both get it. What is released or over counts no more.
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'stay_bed_free') THEN
        ALTER TABLE shelter_stay ADD CONSTRAINT stay_bed_free
            EXCLUDE USING gist (bed_id WITH =, tstzrange(since, until) WITH &&) WHERE (status IN ('held', 'checked_in'));
    END IF;
END $$;

-- Which beds of the own centre's houses are spoken for, and nothing of whom: what the board shows to those who see no stay.
-- Who is in a bed past the planned end is still in it.
CREATE OR REPLACE FUNCTION caremgmt_bed_occupancy(begins timestamptz, ends timestamptz)
RETURNS TABLE (bed_id uuid, status varchar, since timestamptz, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT found.bed_id, found.status, found.since, found.until FROM (
        SELECT s.bed_id, s.status, s.since,
               CASE WHEN s.status = 'checked_in' THEN greatest(s.until, caremgmt_now() + interval '1 day') ELSE s.until END AS until
        FROM shelter_stay s JOIN shelter_house h ON h.id = s.house_id
        WHERE s.status IN ('held', 'checked_in')
          AND (h.office_id = ANY (caremgmt_uuids('ke')) OR h.office_id = ANY (caremgmt_uuids('co')))) AS found
    WHERE found.since < ends AND found.until > begins $$;

-- A stay that is over opens nothing to whoever held the bed for a case without a manager, by whatever verb it ended: a keeper cannot take access back.
CREATE OR REPLACE FUNCTION caremgmt_stay_ends_its_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE cases_accessgrant SET withdrawn_at = caremgmt_now()
        WHERE source_id = NEW.id AND source_kind = 'stay' AND case_id = NEW.case_id AND withdrawn_at IS NULL;
    IF FOUND THEN
        PERFORM caremgmt_project_grants(NEW.case_id);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS shelter_stay_over ON shelter_stay;
CREATE TRIGGER shelter_stay_over AFTER UPDATE OF status ON shelter_stay
    FOR EACH ROW WHEN (NEW.status IN ('checked_out', 'released')) EXECUTE FUNCTION caremgmt_stay_ends_its_access();
""",
    # digest 8782cb5c1f6da0d1
    """-- Facts, steps and revisions are only ever written at their end.
DROP TRIGGER IF EXISTS reports_fact_append_only ON reports_fact;
CREATE TRIGGER reports_fact_append_only BEFORE UPDATE OR DELETE ON reports_fact FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
DROP TRIGGER IF EXISTS reports_monthstep_append_only ON reports_monthstep;
CREATE TRIGGER reports_monthstep_append_only BEFORE UPDATE OR DELETE ON reports_monthstep FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
DROP TRIGGER IF EXISTS reports_revision_append_only ON reports_revision;
CREATE TRIGGER reports_revision_append_only BEFORE UPDATE OR DELETE ON reports_revision FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
""",
    # digest 9278cff72e6b2dc8
    """-- A second factor is its owner's: nobody else, whatever statements they get onto the web's connection, enrols, replaces, moves or removes it.
-- Between password and second factor nobody is known yet; then a use is marked and nothing else: the time, and codes that become used, never unused.
CREATE OR REPLACE FUNCTION caremgmt_own_second_factor() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before_mask bigint;
    after_mask bigint;
BEGIN
    IF current_user = 'caremgmt_owner' THEN  -- the owner's commands, for somebody who has lost theirs
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before_mask := coalesce((OLD.data->>'used_mask')::bigint, 0);
        after_mask := coalesce((NEW.data->>'used_mask')::bigint, 0);
        IF (NEW.id, NEW.user_id, NEW.type, NEW.created_at) = (OLD.id, OLD.user_id, OLD.type, OLD.created_at)
            AND NEW.data - 'used_mask' = OLD.data - 'used_mask' AND NEW.data ? 'used_mask' = OLD.data ? 'used_mask'
            AND before_mask & after_mask = before_mask THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' AND caremgmt_uid() IS DISTINCT FROM OLD.user_id OR TG_OP <> 'DELETE' AND caremgmt_uid() IS DISTINCT FROM NEW.user_id THEN
        RAISE EXCEPTION 'a second factor is its owner''s' USING ERRCODE = 'CM040';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER IF EXISTS mfa_authenticator_own ON mfa_authenticator;
CREATE TRIGGER mfa_authenticator_own BEFORE INSERT OR UPDATE OR DELETE ON mfa_authenticator FOR EACH ROW EXECUTE FUNCTION caremgmt_own_second_factor();
""",
    # digest eca2ebb8a7defcb0
    """CREATE OR REPLACE FUNCTION caremgmt_moves_cases_case() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('received') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no cases_case begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('assessed', 'closed'), ('assessed', 'follow_up'), ('assessed', 'in_progress'), ('assessed', 'merged'), ('assessed', 'transferred'), ('closed', 'in_progress'), ('follow_up', 'closed'), ('follow_up', 'in_progress'), ('follow_up', 'merged'), ('follow_up', 'transferred'), ('in_progress', 'closed'), ('in_progress', 'follow_up'), ('in_progress', 'merged'), ('in_progress', 'transferred'), ('received', 'assessed'), ('received', 'merged'), ('received', 'not_accepted')) THEN
        RAISE EXCEPTION 'no way from % to % for cases_case', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_cases_case ON cases_case;
CREATE TRIGGER caremgmt_moves_cases_case BEFORE INSERT OR UPDATE OF status ON cases_case FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_cases_case()""",
    # digest 4c3eb3d6cc97ed11
    """CREATE OR REPLACE FUNCTION caremgmt_moves_cases_followup() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('planned') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no cases_followup begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('cancelled', 'planned'), ('due', 'cancelled'), ('due', 'failed'), ('due', 'reached'), ('planned', 'cancelled'), ('planned', 'due')) THEN
        RAISE EXCEPTION 'no way from % to % for cases_followup', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_cases_followup ON cases_followup;
CREATE TRIGGER caremgmt_moves_cases_followup BEFORE INSERT OR UPDATE OF status ON cases_followup FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_cases_followup()""",
    # digest a4d07aafdfe4febf
    """CREATE OR REPLACE FUNCTION caremgmt_moves_cases_jointhandling() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('asked') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no cases_jointhandling begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('active', 'ended'), ('asked', 'active'), ('asked', 'declined'), ('asked', 'recalled')) THEN
        RAISE EXCEPTION 'no way from % to % for cases_jointhandling', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_cases_jointhandling ON cases_jointhandling;
CREATE TRIGGER caremgmt_moves_cases_jointhandling BEFORE INSERT OR UPDATE OF status ON cases_jointhandling FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_cases_jointhandling()""",
    # digest 859c7ca7d0d5c49a
    """CREATE OR REPLACE FUNCTION caremgmt_moves_cases_transfer() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('asked') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no cases_transfer begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('asked', 'accepted'), ('asked', 'recalled'), ('asked', 'returned')) THEN
        RAISE EXCEPTION 'no way from % to % for cases_transfer', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_cases_transfer ON cases_transfer;
CREATE TRIGGER caremgmt_moves_cases_transfer BEFORE INSERT OR UPDATE OF status ON cases_transfer FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_cases_transfer()""",
    # digest 81e90fa1387bcf25
    """CREATE OR REPLACE FUNCTION caremgmt_moves_hotline_contact() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('draft') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no hotline_contact begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('draft', 'done'), ('draft', 'open'), ('open', 'done')) THEN
        RAISE EXCEPTION 'no way from % to % for hotline_contact', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_hotline_contact ON hotline_contact;
CREATE TRIGGER caremgmt_moves_hotline_contact BEFORE INSERT OR UPDATE OF status ON hotline_contact FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_hotline_contact()""",
    # digest 9397be0c80e0435a
    """CREATE OR REPLACE FUNCTION caremgmt_moves_legalaid_application() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('applied') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no legalaid_application begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('applied', 'closed'), ('applied', 'granted'), ('applied', 'refused'), ('assigned', 'closed'), ('granted', 'assigned'), ('granted', 'closed'), ('refused', 'closed')) THEN
        RAISE EXCEPTION 'no way from % to % for legalaid_application', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_legalaid_application ON legalaid_application;
CREATE TRIGGER caremgmt_moves_legalaid_application BEFORE INSERT OR UPDATE OF status ON legalaid_application FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_legalaid_application()""",
    # digest f49e19b793bc5828
    """CREATE OR REPLACE FUNCTION caremgmt_moves_referrals_conference() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('planned') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no referrals_conference begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('confirmed', 'closed'), ('held', 'minuted'), ('minuted', 'confirmed'), ('minuted', 'held'), ('planned', 'cancelled'), ('planned', 'held')) THEN
        RAISE EXCEPTION 'no way from % to % for referrals_conference', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_referrals_conference ON referrals_conference;
CREATE TRIGGER caremgmt_moves_referrals_conference BEFORE INSERT OR UPDATE OF status ON referrals_conference FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_referrals_conference()""",
    # digest e1eefd4fc5ed80a3
    """CREATE OR REPLACE FUNCTION caremgmt_moves_referrals_decision() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('open') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no referrals_decision begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('open', 'done'), ('open', 'dropped')) THEN
        RAISE EXCEPTION 'no way from % to % for referrals_decision', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_referrals_decision ON referrals_decision;
CREATE TRIGGER caremgmt_moves_referrals_decision BEFORE INSERT OR UPDATE OF status ON referrals_decision FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_referrals_decision()""",
    # digest beb3b2a8213da0f4
    """CREATE OR REPLACE FUNCTION caremgmt_moves_referrals_invitation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('sent') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no referrals_invitation begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('accepted', 'declined'), ('accepted', 'recused'), ('accepted', 'withdrawn'), ('sent', 'accepted'), ('sent', 'declined'), ('sent', 'recused'), ('sent', 'withdrawn')) THEN
        RAISE EXCEPTION 'no way from % to % for referrals_invitation', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_referrals_invitation ON referrals_invitation;
CREATE TRIGGER caremgmt_moves_referrals_invitation BEFORE INSERT OR UPDATE OF status ON referrals_invitation FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_referrals_invitation()""",
    # digest 5324a5bb890f6cbf
    """CREATE OR REPLACE FUNCTION caremgmt_moves_referrals_referral() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('drafted', 'sent') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no referrals_referral begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('accepted', 'closed'), ('accepted', 'recalled'), ('accepted', 'responded'), ('accepted', 'returned'), ('declined', 'closed'), ('drafted', 'sent'), ('responded', 'accepted'), ('responded', 'closed'), ('responded', 'sent'), ('returned', 'closed'), ('sent', 'accepted'), ('sent', 'closed'), ('sent', 'declined'), ('sent', 'recalled'), ('sent', 'responded')) THEN
        RAISE EXCEPTION 'no way from % to % for referrals_referral', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_referrals_referral ON referrals_referral;
CREATE TRIGGER caremgmt_moves_referrals_referral BEFORE INSERT OR UPDATE OF status ON referrals_referral FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_referrals_referral()""",
    # digest ffb387c649fbefc7
    """CREATE OR REPLACE FUNCTION caremgmt_moves_reports_monthreport() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('computed') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no reports_monthreport begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('accepted', 'locked'), ('accepted', 'returned'), ('computed', 'locked'), ('computed', 'submitted'), ('returned', 'submitted'), ('submitted', 'accepted'), ('submitted', 'returned')) THEN
        RAISE EXCEPTION 'no way from % to % for reports_monthreport', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_reports_monthreport ON reports_monthreport;
CREATE TRIGGER caremgmt_moves_reports_monthreport BEFORE INSERT OR UPDATE OF status ON reports_monthreport FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_reports_monthreport()""",
    # digest 91046741c357384b
    """CREATE OR REPLACE FUNCTION caremgmt_moves_shelter_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status NOT IN ('held') AND current_user <> 'caremgmt_owner' THEN
            RAISE EXCEPTION 'no shelter_stay begins as %', NEW.status USING ERRCODE = 'CM010';
        END IF;
    ELSIF NEW.status IS DISTINCT FROM OLD.status AND (OLD.status, NEW.status) NOT IN (('checked_in', 'checked_out'), ('held', 'checked_in'), ('held', 'released')) THEN
        RAISE EXCEPTION 'no way from % to % for shelter_stay', OLD.status, NEW.status USING ERRCODE = 'CM011';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS caremgmt_moves_shelter_stay ON shelter_stay;
CREATE TRIGGER caremgmt_moves_shelter_stay BEFORE INSERT OR UPDATE OF status ON shelter_stay FOR EACH ROW EXECUTE FUNCTION caremgmt_moves_shelter_stay()""",
    # digest 5fdb63aba2a7d523
    """DO $$ DECLARE f record; BEGIN FOR f IN SELECT oid::regprocedure AS named, prorettype = 'trigger'::regtype OR proname IN ('caremgmt_consent_holds', 'caremgmt_copy_walls', 'caremgmt_is_barred', 'caremgmt_is_kept_from', 'caremgmt_is_walled_off', 'caremgmt_may_grant', 'caremgmt_moment', 'caremgmt_project_grants', 'caremgmt_promise_case', 'caremgmt_promise_contact', 'caremgmt_seal_staff', 'caremgmt_wall_namesakes') AS is_internal FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN ('caremgmt_append_only', 'caremgmt_bed_occupancy', 'caremgmt_closed_is_locked', 'caremgmt_conference_cases', 'caremgmt_conflict', 'caremgmt_consent_holds', 'caremgmt_copy_walls', 'caremgmt_end_access', 'caremgmt_end_at_closing', 'caremgmt_end_source', 'caremgmt_expire_access', 'caremgmt_flag', 'caremgmt_glass_end', 'caremgmt_glass_open', 'caremgmt_glass_sealed', 'caremgmt_glass_shows', 'caremgmt_grant', 'caremgmt_groups', 'caremgmt_identity', 'caremgmt_is_barred', 'caremgmt_is_kept_from', 'caremgmt_is_shut', 'caremgmt_is_user', 'caremgmt_is_walled_off', 'caremgmt_is_worker', 'caremgmt_joint_close', 'caremgmt_joint_ends_its_access', 'caremgmt_joint_open', 'caremgmt_keys', 'caremgmt_letter_permission', 'caremgmt_limit_consent', 'caremgmt_lists_of', 'caremgmt_match', 'caremgmt_may_grant', 'caremgmt_may_hold', 'caremgmt_merge_access', 'caremgmt_moment', 'caremgmt_moves_cases_case', 'caremgmt_moves_cases_followup', 'caremgmt_moves_cases_jointhandling', 'caremgmt_moves_cases_transfer', 'caremgmt_moves_hotline_contact', 'caremgmt_moves_legalaid_application', 'caremgmt_moves_referrals_conference', 'caremgmt_moves_referrals_decision', 'caremgmt_moves_referrals_invitation', 'caremgmt_moves_referrals_referral', 'caremgmt_moves_reports_monthreport', 'caremgmt_moves_shelter_stay', 'caremgmt_name_holder', 'caremgmt_namesake_is_given', 'caremgmt_namesake_on_staff', 'caremgmt_next', 'caremgmt_now', 'caremgmt_open_offer', 'caremgmt_own_second_factor', 'caremgmt_pass_on', 'caremgmt_project_grants', 'caremgmt_promise_case', 'caremgmt_promise_contact', 'caremgmt_promise_of_case', 'caremgmt_promise_of_contact', 'caremgmt_promise_of_item', 'caremgmt_record_approve', 'caremgmt_refuse_real_clock', 'caremgmt_remaining', 'caremgmt_row_of_closed', 'caremgmt_seal', 'caremgmt_seal_heirs', 'caremgmt_seal_staff', 'caremgmt_sealed_alike', 'caremgmt_stand_in', 'caremgmt_stands_behind_wall', 'caremgmt_stay_ends_its_access', 'caremgmt_take_over', 'caremgmt_texts', 'caremgmt_today', 'caremgmt_transfer_takers', 'caremgmt_transferred_has_taker', 'caremgmt_uid', 'caremgmt_unit_letters', 'caremgmt_unit_load', 'caremgmt_units_below', 'caremgmt_unseal', 'caremgmt_uuids', 'caremgmt_wall', 'caremgmt_wall_lift', 'caremgmt_wall_namesake', 'caremgmt_wall_namesakes', 'caremgmt_walled', 'caremgmt_withdraw', 'caremgmt_withdraw_consent') LOOP EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker', f.named); IF NOT f.is_internal THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO caremgmt_web, caremgmt_verb, caremgmt_worker', f.named); END IF; END LOOP; END $$""",
    # digest 33d4db736424386d
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'account_emailaddress' LOOP EXECUTE format('DROP POLICY %I ON "account_emailaddress"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "account_emailaddress" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "account_emailaddress" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "account_emailaddress" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "account_emailaddress" TO caremgmt_web;
GRANT USAGE ON SEQUENCE "account_emailaddress_id_seq" TO caremgmt_web""",
    # digest 13e6d38c94f476c0
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'account_emailconfirmation' LOOP EXECUTE format('DROP POLICY %I ON "account_emailconfirmation"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "account_emailconfirmation" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "account_emailconfirmation" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "account_emailconfirmation" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "account_emailconfirmation" TO caremgmt_web;
GRANT USAGE ON SEQUENCE "account_emailconfirmation_id_seq" TO caremgmt_web""",
    # digest 1dd8327f17cdeaaa
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_agencykey' LOOP EXECUTE format('DROP POLICY %I ON "agencies_agencykey"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_agencykey" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_agencykey" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_agencykey" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_agencykey" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "agencies_agencykey" TO caremgmt_web;
CREATE POLICY web_select ON "agencies_agencykey" FOR SELECT TO caremgmt_web USING ((confirmed_at IS NOT NULL AND revoked_at IS NULL) OR (SELECT caremgmt_flag('system')));
GRANT SELECT, INSERT, UPDATE ON "agencies_agencykey" TO caremgmt_verb;
CREATE POLICY verb_select ON "agencies_agencykey" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "agencies_agencykey" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "agencies_agencykey" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "agencies_agencykey" TO caremgmt_worker;
CREATE POLICY worker_select ON "agencies_agencykey" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 80bda869f66218e1
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_identitybinding' LOOP EXECUTE format('DROP POLICY %I ON "agencies_identitybinding"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_identitybinding" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_identitybinding" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_identitybinding" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_identitybinding" TO caremgmt_owner USING (true) WITH CHECK (true)""",
    # digest 8cf7ad8f940e2b1b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_keynonce' LOOP EXECUTE format('DROP POLICY %I ON "agencies_keynonce"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_keynonce" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_keynonce" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_keynonce" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_keynonce" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT INSERT ON "agencies_keynonce" TO caremgmt_web;
CREATE POLICY web_insert ON "agencies_keynonce" FOR INSERT TO caremgmt_web WITH CHECK (EXISTS (SELECT 1 FROM agencies_agencykey k WHERE k.id = key_id));
GRANT SELECT, DELETE ON "agencies_keynonce" TO caremgmt_worker;
CREATE POLICY worker_select ON "agencies_keynonce" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_delete ON "agencies_keynonce" FOR DELETE TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 3aa2c2f1520e751e
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_notification' LOOP EXECUTE format('DROP POLICY %I ON "agencies_notification"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_notification" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_notification" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_notification" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_notification" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (read_at) ON "agencies_notification" TO caremgmt_web;
CREATE POLICY web_select ON "agencies_notification" FOR SELECT TO caremgmt_web USING (user_id = (SELECT caremgmt_uid()) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))));
CREATE POLICY web_update ON "agencies_notification" FOR UPDATE TO caremgmt_web USING (user_id = (SELECT caremgmt_uid()) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false))))) WITH CHECK (user_id = (SELECT caremgmt_uid()) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))));
GRANT SELECT, INSERT, UPDATE ON "agencies_notification" TO caremgmt_worker;
CREATE POLICY worker_select ON "agencies_notification" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "agencies_notification" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "agencies_notification" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 1640c5efc23f2c5c
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_office' LOOP EXECUTE format('DROP POLICY %I ON "agencies_office"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_office" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_office" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_office" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_office" TO caremgmt_web;
GRANT SELECT ON "agencies_office" TO caremgmt_verb;
GRANT SELECT ON "agencies_office" TO caremgmt_worker""",
    # digest 630811a52b2f6624
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_provider' LOOP EXECUTE format('DROP POLICY %I ON "agencies_provider"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_provider" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_provider" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_provider" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_provider" TO caremgmt_web;
GRANT SELECT ON "agencies_provider" TO caremgmt_verb;
GRANT SELECT ON "agencies_provider" TO caremgmt_worker""",
    # digest 63f213f413d10bf7
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_region' LOOP EXECUTE format('DROP POLICY %I ON "agencies_region"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_region" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_region" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_region" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_region" TO caremgmt_web;
GRANT SELECT ON "agencies_region" TO caremgmt_verb;
GRANT SELECT ON "agencies_region" TO caremgmt_worker""",
    # digest 0091bff973ad4df5
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_rolegrant' LOOP EXECUTE format('DROP POLICY %I ON "agencies_rolegrant"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_rolegrant" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_rolegrant" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_rolegrant" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_rolegrant" TO caremgmt_web;
GRANT SELECT ON "agencies_rolegrant" TO caremgmt_verb;
GRANT SELECT ON "agencies_rolegrant" TO caremgmt_worker""",
    # digest 84ef571e03d1c904
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_room' LOOP EXECUTE format('DROP POLICY %I ON "agencies_room"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_room" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_room" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_room" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_room" TO caremgmt_web;
GRANT SELECT ON "agencies_room" TO caremgmt_verb;
GRANT SELECT ON "agencies_room" TO caremgmt_worker""",
    # digest 821eb992f43b55d9
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_unit' LOOP EXECUTE format('DROP POLICY %I ON "agencies_unit"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_unit" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_unit" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_unit" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_unit" TO caremgmt_web;
GRANT SELECT ON "agencies_unit" TO caremgmt_verb;
GRANT SELECT ON "agencies_unit" TO caremgmt_worker""",
    # digest 6fa732766464a02a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_user' LOOP EXECUTE format('DROP POLICY %I ON "agencies_user"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_user" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_user" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_user" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_user" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (password) ON "agencies_user" TO caremgmt_web;
CREATE POLICY web_select ON "agencies_user" FOR SELECT TO caremgmt_web USING (true);
CREATE POLICY web_update ON "agencies_user" FOR UPDATE TO caremgmt_web USING (id = (SELECT caremgmt_uid())) WITH CHECK (id = (SELECT caremgmt_uid()));
GRANT SELECT ON "agencies_user" TO caremgmt_verb;
CREATE POLICY verb_select ON "agencies_user" FOR SELECT TO caremgmt_verb USING (true);
GRANT SELECT ON "agencies_user" TO caremgmt_worker;
CREATE POLICY worker_select ON "agencies_user" FOR SELECT TO caremgmt_worker USING (true)""",
    # digest 068a217267c1b296
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_user_groups' LOOP EXECUTE format('DROP POLICY %I ON "agencies_user_groups"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_user_groups" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_user_groups" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_user_groups" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_user_groups" TO caremgmt_web;
GRANT SELECT ON "agencies_user_groups" TO caremgmt_verb;
GRANT SELECT ON "agencies_user_groups" TO caremgmt_worker""",
    # digest 26d7ce8d5e9563c7
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_user_user_permissions' LOOP EXECUTE format('DROP POLICY %I ON "agencies_user_user_permissions"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_user_user_permissions" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_user_user_permissions" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_user_user_permissions" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "agencies_user_user_permissions" TO caremgmt_web;
GRANT SELECT ON "agencies_user_user_permissions" TO caremgmt_verb;
GRANT SELECT ON "agencies_user_user_permissions" TO caremgmt_worker""",
    # digest 815dacca0ec5e582
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'auth_group' LOOP EXECUTE format('DROP POLICY %I ON "auth_group"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "auth_group" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "auth_group" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "auth_group" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "auth_group" TO caremgmt_web;
GRANT SELECT ON "auth_group" TO caremgmt_verb;
GRANT SELECT ON "auth_group" TO caremgmt_worker""",
    # digest eb29cdc8b74ea41c
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'auth_group_permissions' LOOP EXECUTE format('DROP POLICY %I ON "auth_group_permissions"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "auth_group_permissions" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "auth_group_permissions" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "auth_group_permissions" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "auth_group_permissions" TO caremgmt_web;
GRANT SELECT ON "auth_group_permissions" TO caremgmt_verb;
GRANT SELECT ON "auth_group_permissions" TO caremgmt_worker""",
    # digest e855a3aecb1552a8
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'auth_permission' LOOP EXECUTE format('DROP POLICY %I ON "auth_permission"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "auth_permission" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "auth_permission" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "auth_permission" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "auth_permission" TO caremgmt_web;
GRANT SELECT ON "auth_permission" TO caremgmt_verb;
GRANT SELECT ON "auth_permission" TO caremgmt_worker""",
    # digest 46fb08a5894a580a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_accessgrant' LOOP EXECUTE format('DROP POLICY %I ON "cases_accessgrant"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_accessgrant" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_accessgrant" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_accessgrant" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_accessgrant" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_accessgrant" TO caremgmt_web;
CREATE POLICY web_select ON "cases_accessgrant" FOR SELECT TO caremgmt_web USING ((group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR user_id = (SELECT caremgmt_uid()) OR office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[])) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false))));
GRANT SELECT ON "cases_accessgrant" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_accessgrant" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_accessgrant" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_accessgrant" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest a5e1a95e95e6636b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_approvalwords' LOOP EXECUTE format('DROP POLICY %I ON "cases_approvalwords"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_approvalwords" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_approvalwords" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_approvalwords" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_approvalwords" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_approvalwords" TO caremgmt_web;
CREATE POLICY web_select ON "cases_approvalwords" FOR SELECT TO caremgmt_web USING (EXISTS (SELECT 1 FROM cases_recordapproval WHERE cases_recordapproval.id = "cases_approvalwords".approval_id AND (asker_id = (SELECT caremgmt_uid()) OR reviewer_id = (SELECT caremgmt_uid()) OR office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]))));
GRANT SELECT, INSERT ON "cases_approvalwords" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_approvalwords" FOR SELECT TO caremgmt_verb USING (approval_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_approvalwords" FOR INSERT TO caremgmt_verb WITH CHECK (approval_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]))""",
    # digest 656f53438174b4e8
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_blindgram' LOOP EXECUTE format('DROP POLICY %I ON "cases_blindgram"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_blindgram" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_blindgram" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_blindgram" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_blindgram" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_blindgram" TO caremgmt_web;
CREATE POLICY web_select ON "cases_blindgram" FOR SELECT TO caremgmt_web USING (("cases_blindgram".section NOT IN ('counselling', 'shelter') AND ("cases_blindgram".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_blindgram".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_blindgram".case_id, false))))) OR (("cases_blindgram".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_blindgram".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_blindgram".case_id AND g.section = "cases_blindgram".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, DELETE ON "cases_blindgram" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_blindgram" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_blindgram" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_delete ON "cases_blindgram" FOR DELETE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_blindgram" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_blindgram" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_blindgram_case_office') THEN ALTER TABLE "cases_blindgram" ADD CONSTRAINT "cases_blindgram_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 010d9f0c6d93a624
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_booking' LOOP EXECUTE format('DROP POLICY %I ON "cases_booking"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_booking" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_booking" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_booking" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_booking" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_booking" TO caremgmt_web;
CREATE POLICY web_select ON "cases_booking" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) OR user_id = (SELECT caremgmt_uid()));
GRANT SELECT, INSERT, UPDATE ON "cases_booking" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_booking" FOR SELECT TO caremgmt_verb USING (source_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_booking" FOR INSERT TO caremgmt_verb WITH CHECK (source_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_booking" FOR UPDATE TO caremgmt_verb USING (source_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (source_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_booking" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_booking" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest ea10a2fd119fd255
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_breakglass' LOOP EXECUTE format('DROP POLICY %I ON "cases_breakglass"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_breakglass" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_breakglass" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_breakglass" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_breakglass" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_breakglass" TO caremgmt_web;
CREATE POLICY web_select ON "cases_breakglass" FOR SELECT TO caremgmt_web USING (((opener_id = (SELECT caremgmt_uid()) OR reviewer_id = (SELECT caremgmt_uid()) OR confirm_office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) OR office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[])) OR (SELECT caremgmt_flag('auditor'))) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))));
GRANT SELECT, INSERT, UPDATE ON "cases_breakglass" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_breakglass" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_breakglass" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_breakglass" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_breakglass" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_breakglass" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest cf4289e8bf39951b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_burst' LOOP EXECUTE format('DROP POLICY %I ON "cases_burst"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_burst" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_burst" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_burst" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_burst" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_burst" TO caremgmt_web;
CREATE POLICY web_select ON "cases_burst" FOR SELECT TO caremgmt_web USING (((SELECT caremgmt_flag('auditor')) OR office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) OR reviewer_id = (SELECT caremgmt_uid())) AND actor_id <> (SELECT caremgmt_uid()));
GRANT SELECT, UPDATE ON "cases_burst" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_burst" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_burst" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT, INSERT ON "cases_burst" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_burst" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "cases_burst" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 3d814b26ba7470c9
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_case' LOOP EXECUTE format('DROP POLICY %I ON "cases_case"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_case" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_case" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_case" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_case" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_case" TO caremgmt_web;
CREATE POLICY web_select ON "cases_case" FOR SELECT TO caremgmt_web USING (("cases_case".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_case".id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_case".id, true)))) OR (("cases_case".id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_case".id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_case".id AND g.section = 'header' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_case" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_case" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_case" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_case" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_case" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_case" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 2c2a0a3078e10f7d
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_casegroupobjectpermission' LOOP EXECUTE format('DROP POLICY %I ON "cases_casegroupobjectpermission"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_casegroupobjectpermission" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_casegroupobjectpermission" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_casegroupobjectpermission" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_casegroupobjectpermission" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_casegroupobjectpermission" TO caremgmt_web;
CREATE POLICY web_select ON "cases_casegroupobjectpermission" FOR SELECT TO caremgmt_web USING (group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND (content_object_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(content_object_id, false))));
GRANT SELECT ON "cases_casegroupobjectpermission" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_casegroupobjectpermission" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest c2224859be64ed5e
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_caseuserobjectpermission' LOOP EXECUTE format('DROP POLICY %I ON "cases_caseuserobjectpermission"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_caseuserobjectpermission" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_caseuserobjectpermission" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_caseuserobjectpermission" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_caseuserobjectpermission" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_caseuserobjectpermission" TO caremgmt_web;
CREATE POLICY web_select ON "cases_caseuserobjectpermission" FOR SELECT TO caremgmt_web USING (user_id = (SELECT caremgmt_uid()) AND (content_object_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(content_object_id, false))));
GRANT SELECT ON "cases_caseuserobjectpermission" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_caseuserobjectpermission" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 7045f1de48419d58
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_category' LOOP EXECUTE format('DROP POLICY %I ON "cases_category"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_category" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_category" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_category" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "cases_category" TO caremgmt_web;
GRANT SELECT ON "cases_category" TO caremgmt_verb;
GRANT SELECT ON "cases_category" TO caremgmt_worker""",
    # digest eee0d58de7a8f416
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_clockrule' LOOP EXECUTE format('DROP POLICY %I ON "cases_clockrule"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_clockrule" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_clockrule" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_clockrule" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "cases_clockrule" TO caremgmt_web;
GRANT SELECT ON "cases_clockrule" TO caremgmt_verb;
GRANT SELECT ON "cases_clockrule" TO caremgmt_worker""",
    # digest 1791219236c023f4
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_consent' LOOP EXECUTE format('DROP POLICY %I ON "cases_consent"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_consent" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_consent" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_consent" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_consent" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_consent" TO caremgmt_web;
CREATE POLICY web_select ON "cases_consent" FOR SELECT TO caremgmt_web USING (("cases_consent".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_consent".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_consent".case_id, false)))) OR (("cases_consent".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_consent".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_consent".case_id AND g.section = 'coordination' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_consent" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_consent" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_consent" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_consent" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_consent" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_consent" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_consent_case_office') THEN ALTER TABLE "cases_consent" ADD CONSTRAINT "cases_consent_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest da014ce3f69adb6a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_document' LOOP EXECUTE format('DROP POLICY %I ON "cases_document"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_document" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_document" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_document" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_document" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_document" TO caremgmt_web;
CREATE POLICY web_select ON "cases_document" FOR SELECT TO caremgmt_web USING ((("cases_document".section NOT IN ('counselling', 'shelter') AND ("cases_document".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_document".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_document".case_id, false))))) OR (("cases_document".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_document".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_document".case_id AND g.section = "cases_document".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1))) AND (withdrawn_at IS NULL OR "cases_document".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[])));
GRANT SELECT, INSERT, UPDATE ON "cases_document" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_document" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_document" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_document" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_document" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_document" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_document_case_office') THEN ALTER TABLE "cases_document" ADD CONSTRAINT "cases_document_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 10684b161ffdaa27
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_documentcontent' LOOP EXECUTE format('DROP POLICY %I ON "cases_documentcontent"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_documentcontent" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_documentcontent" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_documentcontent" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_documentcontent" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_documentcontent" TO caremgmt_web;
CREATE POLICY web_select ON "cases_documentcontent" FOR SELECT TO caremgmt_web USING (EXISTS (SELECT 1 FROM cases_document d WHERE d.id = "cases_documentcontent".document_id));
GRANT SELECT, INSERT ON "cases_documentcontent" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_documentcontent" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_documentcontent" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_documentcontent" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_documentcontent" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_documentcontent_case_office') THEN ALTER TABLE "cases_documentcontent" ADD CONSTRAINT "cases_documentcontent_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 2edff35e0c095e93
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_fingerprint' LOOP EXECUTE format('DROP POLICY %I ON "cases_fingerprint"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_fingerprint" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_fingerprint" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_fingerprint" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_fingerprint" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON "cases_fingerprint" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_fingerprint" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_fingerprint" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_delete ON "cases_fingerprint" FOR DELETE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT USAGE ON SEQUENCE "cases_fingerprint_id_seq" TO caremgmt_verb;
GRANT SELECT ON "cases_fingerprint" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_fingerprint" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest fb8160b15856fd8b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_followup' LOOP EXECUTE format('DROP POLICY %I ON "cases_followup"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_followup" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_followup" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_followup" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_followup" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_followup" TO caremgmt_web;
CREATE POLICY web_select ON "cases_followup" FOR SELECT TO caremgmt_web USING (("cases_followup".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_followup".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_followup".case_id, false)))) OR (("cases_followup".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_followup".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_followup".case_id AND g.section = 'callback' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_followup" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_followup" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_followup" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_followup" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_followup" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_followup" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_followup_case_office') THEN ALTER TABLE "cases_followup" ADD CONSTRAINT "cases_followup_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest fc506c85bd0be5d3
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_followupattempt' LOOP EXECUTE format('DROP POLICY %I ON "cases_followupattempt"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_followupattempt" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_followupattempt" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_followupattempt" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_followupattempt" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_followupattempt" TO caremgmt_web;
CREATE POLICY web_select ON "cases_followupattempt" FOR SELECT TO caremgmt_web USING (("cases_followupattempt".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_followupattempt".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_followupattempt".case_id, false)))) OR (("cases_followupattempt".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_followupattempt".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_followupattempt".case_id AND g.section = 'callback' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT ON "cases_followupattempt" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_followupattempt" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_followupattempt" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_followupattempt" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_followupattempt" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_followupattempt_case_office') THEN ALTER TABLE "cases_followupattempt" ADD CONSTRAINT "cases_followupattempt_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest b8e4dbd437e3389b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_followuprule' LOOP EXECUTE format('DROP POLICY %I ON "cases_followuprule"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_followuprule" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_followuprule" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_followuprule" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "cases_followuprule" TO caremgmt_web;
GRANT SELECT ON "cases_followuprule" TO caremgmt_verb;
GRANT SELECT ON "cases_followuprule" TO caremgmt_worker""",
    # digest 0253fe8c87789d8a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_glasswords' LOOP EXECUTE format('DROP POLICY %I ON "cases_glasswords"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_glasswords" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_glasswords" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_glasswords" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_glasswords" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_glasswords" TO caremgmt_web;
CREATE POLICY web_select ON "cases_glasswords" FOR SELECT TO caremgmt_web USING (EXISTS (SELECT 1 FROM cases_breakglass WHERE cases_breakglass.id = "cases_glasswords".glass_id AND (opener_id = (SELECT caremgmt_uid()) OR reviewer_id = (SELECT caremgmt_uid()) OR confirm_office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) OR office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]))));
GRANT SELECT, INSERT, UPDATE ON "cases_glasswords" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_glasswords" FOR SELECT TO caremgmt_verb USING (glass_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_glasswords" FOR INSERT TO caremgmt_verb WITH CHECK (glass_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_glasswords" FOR UPDATE TO caremgmt_verb USING (glass_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (glass_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]))""",
    # digest 0ad8662a782574e8
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_historicalcase' LOOP EXECUTE format('DROP POLICY %I ON "cases_historicalcase"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_historicalcase" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_historicalcase" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_historicalcase" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_historicalcase" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_historicalcase" TO caremgmt_web;
CREATE POLICY web_select ON "cases_historicalcase" FOR SELECT TO caremgmt_web USING (("cases_historicalcase".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_historicalcase".id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalcase".id, true)))) OR (("cases_historicalcase".id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalcase".id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_historicalcase".id AND g.section = 'header' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_historicalcase" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_historicalcase" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_historicalcase" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_historicalcase" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_historicalcase" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_historicalcase" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 4d68977d751a8593
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_historicalpartycontact' LOOP EXECUTE format('DROP POLICY %I ON "cases_historicalpartycontact"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_historicalpartycontact" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_historicalpartycontact" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_historicalpartycontact" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_historicalpartycontact" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_historicalpartycontact" TO caremgmt_web;
CREATE POLICY web_select ON "cases_historicalpartycontact" FOR SELECT TO caremgmt_web USING (("cases_historicalpartycontact".section NOT IN ('counselling', 'shelter') AND ("cases_historicalpartycontact".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_historicalpartycontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalpartycontact".case_id, false))))) OR (("cases_historicalpartycontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalpartycontact".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_historicalpartycontact".case_id AND g.section = "cases_historicalpartycontact".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_historicalpartycontact" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_historicalpartycontact" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_historicalpartycontact" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_historicalpartycontact" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_historicalpartycontact" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_historicalpartycontact" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_historicalpartycontact_case_office') THEN ALTER TABLE "cases_historicalpartycontact" ADD CONSTRAINT "cases_historicalpartycontact_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 43a34c3d93e0dd6c
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_historicalpartyidentity' LOOP EXECUTE format('DROP POLICY %I ON "cases_historicalpartyidentity"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_historicalpartyidentity" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_historicalpartyidentity" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_historicalpartyidentity" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_historicalpartyidentity" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_historicalpartyidentity" TO caremgmt_web;
CREATE POLICY web_select ON "cases_historicalpartyidentity" FOR SELECT TO caremgmt_web USING (("cases_historicalpartyidentity".section NOT IN ('counselling', 'shelter') AND ("cases_historicalpartyidentity".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_historicalpartyidentity".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalpartyidentity".case_id, false))))) OR (("cases_historicalpartyidentity".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalpartyidentity".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_historicalpartyidentity".case_id AND g.section = "cases_historicalpartyidentity".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_historicalpartyidentity" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_historicalpartyidentity" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_historicalpartyidentity" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_historicalpartyidentity" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_historicalpartyidentity" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_historicalpartyidentity" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_historicalpartyidentity_case_office') THEN ALTER TABLE "cases_historicalpartyidentity" ADD CONSTRAINT "cases_historicalpartyidentity_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 20b2bf7ee31b64fa
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_historicalsafecontact' LOOP EXECUTE format('DROP POLICY %I ON "cases_historicalsafecontact"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_historicalsafecontact" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_historicalsafecontact" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_historicalsafecontact" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_historicalsafecontact" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_historicalsafecontact" TO caremgmt_web;
CREATE POLICY web_select ON "cases_historicalsafecontact" FOR SELECT TO caremgmt_web USING (("cases_historicalsafecontact".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_historicalsafecontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalsafecontact".case_id, false)))) OR (("cases_historicalsafecontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalsafecontact".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_historicalsafecontact".case_id AND g.section = 'safe_contact' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_historicalsafecontact" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_historicalsafecontact" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_historicalsafecontact" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_historicalsafecontact" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_historicalsafecontact" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_historicalsafecontact" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_historicalsafecontact_case_office') THEN ALTER TABLE "cases_historicalsafecontact" ADD CONSTRAINT "cases_historicalsafecontact_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 07dd524aa65d2751
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_historicalsectiontext' LOOP EXECUTE format('DROP POLICY %I ON "cases_historicalsectiontext"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_historicalsectiontext" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_historicalsectiontext" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_historicalsectiontext" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_historicalsectiontext" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_historicalsectiontext" TO caremgmt_web;
CREATE POLICY web_select ON "cases_historicalsectiontext" FOR SELECT TO caremgmt_web USING (("cases_historicalsectiontext".section NOT IN ('counselling', 'shelter') AND ("cases_historicalsectiontext".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_historicalsectiontext".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalsectiontext".case_id, false))))) OR (("cases_historicalsectiontext".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_historicalsectiontext".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_historicalsectiontext".case_id AND g.section = "cases_historicalsectiontext".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_historicalsectiontext" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_historicalsectiontext" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_historicalsectiontext" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_historicalsectiontext" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_historicalsectiontext" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_historicalsectiontext" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_historicalsectiontext_case_office') THEN ALTER TABLE "cases_historicalsectiontext" ADD CONSTRAINT "cases_historicalsectiontext_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 3982cd0115af0190
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_jointhandling' LOOP EXECUTE format('DROP POLICY %I ON "cases_jointhandling"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_jointhandling" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_jointhandling" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_jointhandling" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_jointhandling" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_jointhandling" TO caremgmt_web;
CREATE POLICY web_select ON "cases_jointhandling" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))) OR (to_office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND status IN ('asked', 'active') AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, true)))));
GRANT SELECT, INSERT, UPDATE ON "cases_jointhandling" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_jointhandling" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_jointhandling" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_jointhandling" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_jointhandling" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_jointhandling" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_jointhandling_case_office') THEN ALTER TABLE "cases_jointhandling" ADD CONSTRAINT "cases_jointhandling_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 2fef229f62fa8118
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_order' LOOP EXECUTE format('DROP POLICY %I ON "cases_order"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_order" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_order" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_order" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_order" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_order" TO caremgmt_web;
CREATE POLICY web_select ON "cases_order" FOR SELECT TO caremgmt_web USING ((case_id IS NOT NULL AND (("cases_order".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_order".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_order".case_id, false)))) OR (("cases_order".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_order".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_order".case_id AND g.section = 'legal' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)))) OR (case_id IS NULL AND office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[])));
GRANT SELECT, INSERT, UPDATE ON "cases_order" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_order" FOR SELECT TO caremgmt_verb USING (coalesce(case_id, id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_order" FOR INSERT TO caremgmt_verb WITH CHECK (coalesce(case_id, id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_order" FOR UPDATE TO caremgmt_verb USING (coalesce(case_id, id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (coalesce(case_id, id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_order" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_order" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 085c220872920182
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_party' LOOP EXECUTE format('DROP POLICY %I ON "cases_party"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_party" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_party" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_party" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_party" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_party" TO caremgmt_web;
CREATE POLICY web_select ON "cases_party" FOR SELECT TO caremgmt_web USING (("cases_party".section NOT IN ('counselling', 'shelter') AND ("cases_party".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_party".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_party".case_id, false))))) OR (("cases_party".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_party".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_party".case_id AND g.section = "cases_party".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_party" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_party" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_party" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_party" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_party" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_party" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_party_case_office') THEN ALTER TABLE "cases_party" ADD CONSTRAINT "cases_party_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 6e8863d16976245e
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_partycontact' LOOP EXECUTE format('DROP POLICY %I ON "cases_partycontact"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_partycontact" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_partycontact" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_partycontact" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_partycontact" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_partycontact" TO caremgmt_web;
CREATE POLICY web_select ON "cases_partycontact" FOR SELECT TO caremgmt_web USING (("cases_partycontact".section NOT IN ('counselling', 'shelter') AND ("cases_partycontact".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_partycontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_partycontact".case_id, false))))) OR (("cases_partycontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_partycontact".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_partycontact".case_id AND g.section = "cases_partycontact".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_partycontact" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_partycontact" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_partycontact" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_partycontact" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_partycontact" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_partycontact" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_partycontact_case_office') THEN ALTER TABLE "cases_partycontact" ADD CONSTRAINT "cases_partycontact_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 130c01fcf5b930da
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_partyidentity' LOOP EXECUTE format('DROP POLICY %I ON "cases_partyidentity"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_partyidentity" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_partyidentity" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_partyidentity" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_partyidentity" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_partyidentity" TO caremgmt_web;
CREATE POLICY web_select ON "cases_partyidentity" FOR SELECT TO caremgmt_web USING (("cases_partyidentity".section NOT IN ('counselling', 'shelter') AND ("cases_partyidentity".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_partyidentity".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_partyidentity".case_id, false))))) OR (("cases_partyidentity".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_partyidentity".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_partyidentity".case_id AND g.section = "cases_partyidentity".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_partyidentity" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_partyidentity" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_partyidentity" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_partyidentity" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_partyidentity" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_partyidentity" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_partyidentity_case_office') THEN ALTER TABLE "cases_partyidentity" ADD CONSTRAINT "cases_partyidentity_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest bc3af5708543907c
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_person' LOOP EXECUTE format('DROP POLICY %I ON "cases_person"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_person" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_person" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_person" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_person" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_person" TO caremgmt_web;
CREATE POLICY web_select ON "cases_person" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]));
GRANT SELECT, INSERT, UPDATE ON "cases_person" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_person" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_person" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_person" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_person" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_person" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 35754c7908ec29cb
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_recordapproval' LOOP EXECUTE format('DROP POLICY %I ON "cases_recordapproval"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_recordapproval" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_recordapproval" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_recordapproval" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_recordapproval" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_recordapproval" TO caremgmt_web;
CREATE POLICY web_select ON "cases_recordapproval" FOR SELECT TO caremgmt_web USING (((asker_id = (SELECT caremgmt_uid()) OR reviewer_id = (SELECT caremgmt_uid()) OR office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[])) OR (SELECT caremgmt_flag('auditor'))) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))));
GRANT SELECT, INSERT, UPDATE ON "cases_recordapproval" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_recordapproval" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_recordapproval" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_recordapproval" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_recordapproval" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_recordapproval" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 2e1e80801598d93c
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_riskassessment' LOOP EXECUTE format('DROP POLICY %I ON "cases_riskassessment"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_riskassessment" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_riskassessment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_riskassessment" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_riskassessment" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_riskassessment" TO caremgmt_web;
CREATE POLICY web_select ON "cases_riskassessment" FOR SELECT TO caremgmt_web USING (("cases_riskassessment".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_riskassessment".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_riskassessment".case_id, false)))) OR (("cases_riskassessment".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_riskassessment".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_riskassessment".case_id AND g.section = 'risk' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT ON "cases_riskassessment" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_riskassessment" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_riskassessment" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_riskassessment" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_riskassessment" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_riskassessment_case_office') THEN ALTER TABLE "cases_riskassessment" ADD CONSTRAINT "cases_riskassessment_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest e9ce84646c395741
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_safecontact' LOOP EXECUTE format('DROP POLICY %I ON "cases_safecontact"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_safecontact" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_safecontact" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_safecontact" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_safecontact" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_safecontact" TO caremgmt_web;
CREATE POLICY web_select ON "cases_safecontact" FOR SELECT TO caremgmt_web USING (("cases_safecontact".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_safecontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_safecontact".case_id, false)))) OR (("cases_safecontact".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_safecontact".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_safecontact".case_id AND g.section = 'safe_contact' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_safecontact" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_safecontact" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_safecontact" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_safecontact" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_safecontact" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_safecontact" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_safecontact_case_office') THEN ALTER TABLE "cases_safecontact" ADD CONSTRAINT "cases_safecontact_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest f1355f6e5da336e6
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_seal' LOOP EXECUTE format('DROP POLICY %I ON "cases_seal"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_seal" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_seal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_seal" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_seal" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_seal" TO caremgmt_web;
CREATE POLICY web_select ON "cases_seal" FOR SELECT TO caremgmt_web USING ((case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false))) AND (office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) OR (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND lift_asked_at IS NOT NULL AND lifted_at IS NULL)));
GRANT SELECT ON "cases_seal" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_seal" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 4dda1e1cc1b4a084
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_sealmember' LOOP EXECUTE format('DROP POLICY %I ON "cases_sealmember"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_sealmember" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_sealmember" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_sealmember" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_sealmember" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_sealmember" TO caremgmt_web;
CREATE POLICY web_select ON "cases_sealmember" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false))));
GRANT SELECT ON "cases_sealmember" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_sealmember" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 51d1bcd1e3e95dbe
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_sectiontext' LOOP EXECUTE format('DROP POLICY %I ON "cases_sectiontext"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_sectiontext" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_sectiontext" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_sectiontext" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_sectiontext" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_sectiontext" TO caremgmt_web;
CREATE POLICY web_select ON "cases_sectiontext" FOR SELECT TO caremgmt_web USING (("cases_sectiontext".section NOT IN ('counselling', 'shelter') AND ("cases_sectiontext".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_sectiontext".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_sectiontext".case_id, false))))) OR (("cases_sectiontext".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_sectiontext".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_sectiontext".case_id AND g.section = "cases_sectiontext".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "cases_sectiontext" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_sectiontext" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_sectiontext" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_sectiontext" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_sectiontext" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_sectiontext" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_sectiontext_case_office') THEN ALTER TABLE "cases_sectiontext" ADD CONSTRAINT "cases_sectiontext_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 955927a750405ab4
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_servicerecord' LOOP EXECUTE format('DROP POLICY %I ON "cases_servicerecord"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_servicerecord" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_servicerecord" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_servicerecord" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_servicerecord" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_servicerecord" TO caremgmt_web;
CREATE POLICY web_select ON "cases_servicerecord" FOR SELECT TO caremgmt_web USING ((case_id IS NOT NULL AND (("cases_servicerecord".section NOT IN ('counselling', 'shelter') AND ("cases_servicerecord".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_servicerecord".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_servicerecord".case_id, false))))) OR (("cases_servicerecord".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_servicerecord".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_servicerecord".case_id AND g.section = "cases_servicerecord".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)))) OR (case_id IS NULL AND office_id = ANY ((SELECT caremgmt_uuids('do'))::uuid[])));
GRANT SELECT, INSERT, UPDATE ON "cases_servicerecord" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_servicerecord" FOR SELECT TO caremgmt_verb USING (coalesce(case_id, contact_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_servicerecord" FOR INSERT TO caremgmt_verb WITH CHECK (coalesce(case_id, contact_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_servicerecord" FOR UPDATE TO caremgmt_verb USING (coalesce(case_id, contact_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (coalesce(case_id, contact_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_servicerecord" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_servicerecord" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 781ea4305e76c644
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_timelineentry' LOOP EXECUTE format('DROP POLICY %I ON "cases_timelineentry"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_timelineentry" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_timelineentry" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_timelineentry" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_timelineentry" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_timelineentry" TO caremgmt_web;
CREATE POLICY web_select ON "cases_timelineentry" FOR SELECT TO caremgmt_web USING ((("cases_timelineentry".section NOT IN ('counselling', 'shelter') AND ("cases_timelineentry".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_timelineentry".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_timelineentry".case_id, false))))) OR ("cases_timelineentry".section = 'header' AND ("cases_timelineentry".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("cases_timelineentry".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_timelineentry".case_id, true)))))) OR (("cases_timelineentry".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("cases_timelineentry".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "cases_timelineentry".case_id AND g.section = "cases_timelineentry".section AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT ON "cases_timelineentry" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_timelineentry" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_timelineentry" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_timelineentry" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_timelineentry" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_timelineentry_case_office') THEN ALTER TABLE "cases_timelineentry" ADD CONSTRAINT "cases_timelineentry_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 352ea3426c2c2a4f
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_transfer' LOOP EXECUTE format('DROP POLICY %I ON "cases_transfer"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_transfer" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_transfer" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_transfer" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_transfer" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_transfer" TO caremgmt_web;
CREATE POLICY web_select ON "cases_transfer" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))) OR (to_office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, true))) AND (successor_id IS NULL OR (successor_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(successor_id, false))))));
GRANT SELECT, INSERT, UPDATE ON "cases_transfer" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_transfer" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_transfer" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_transfer" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_transfer" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_transfer" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'cases_transfer_case_office') THEN ALTER TABLE "cases_transfer" ADD CONSTRAINT "cases_transfer_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 65cd6579b1d1f86d
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_wall' LOOP EXECUTE format('DROP POLICY %I ON "cases_wall"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_wall" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_wall" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_wall" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_wall" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_wall" TO caremgmt_web;
CREATE POLICY web_select ON "cases_wall" FOR SELECT TO caremgmt_web USING ((case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false))) AND (office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) OR (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND lift_asked_at IS NOT NULL AND lifted_at IS NULL) OR (reviewer_id = (SELECT caremgmt_uid()) AND confirmed_at IS NULL AND lifted_at IS NULL)));
GRANT SELECT, UPDATE (settled_at, reviewer_id) ON "cases_wall" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_wall" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "cases_wall" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest f00f29cb65905952
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_workitem' LOOP EXECUTE format('DROP POLICY %I ON "cases_workitem"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_workitem" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_workitem" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_workitem" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_workitem" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_workitem" TO caremgmt_web;
CREATE POLICY web_select ON "cases_workitem" FOR SELECT TO caremgmt_web USING ((owner_user_id = (SELECT caremgmt_uid()) OR owner_group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND matter_id IS NULL) OR (owner_role = 'director' AND office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[])) OR (owner_role = 'keeper' AND office_id = ANY ((SELECT caremgmt_uuids('ke'))::uuid[]))) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))));
GRANT SELECT, INSERT, UPDATE ON "cases_workitem" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_workitem" FOR SELECT TO caremgmt_verb USING (coalesce(case_id, contact_id, matter_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "cases_workitem" FOR INSERT TO caremgmt_verb WITH CHECK (coalesce(case_id, contact_id, matter_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_workitem" FOR UPDATE TO caremgmt_verb USING (coalesce(case_id, contact_id, matter_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (coalesce(case_id, contact_id, matter_id) = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "cases_workitem" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_workitem" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest e5612ad0663a2f44
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_accesslog' LOOP EXECUTE format('DROP POLICY %I ON "core_accesslog"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_accesslog" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_accesslog" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_accesslog" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_accesslog" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON "core_accesslog" TO caremgmt_web;
CREATE POLICY web_select ON "core_accesslog" FOR SELECT TO caremgmt_web USING ((SELECT caremgmt_flag('auditor')) OR ((office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]) OR actor_id = (SELECT caremgmt_uid()) OR (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND (case_id IS NOT NULL OR case_ids IS NOT NULL))) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))) AND (case_ids IS NULL OR NOT EXISTS (SELECT 1 FROM unnest(case_ids) AS shown WHERE NOT (shown <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(shown, true)))))));
CREATE POLICY web_insert ON "core_accesslog" FOR INSERT TO caremgmt_web WITH CHECK (seal_id IS NULL AND (actor_id IS NOT DISTINCT FROM (SELECT caremgmt_uid()) OR action IN ('login', 'login_failed')));
GRANT SELECT, INSERT, UPDATE (seal_id) ON "core_accesslog" TO caremgmt_worker;
CREATE POLICY worker_select ON "core_accesslog" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "core_accesslog" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "core_accesslog" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 0f2557e9a44d9435
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_audit' LOOP EXECUTE format('DROP POLICY %I ON "core_audit"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_audit" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_audit" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_audit" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_audit" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "core_audit" TO caremgmt_web;
CREATE POLICY web_select ON "core_audit" FOR SELECT TO caremgmt_web USING ((SELECT caremgmt_flag('auditor')) OR (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))) OR (actor_id = (SELECT caremgmt_uid()) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false))))));
GRANT SELECT, INSERT ON "core_audit" TO caremgmt_verb;
CREATE POLICY verb_select ON "core_audit" FOR SELECT TO caremgmt_verb USING (subject = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "core_audit" FOR INSERT TO caremgmt_verb WITH CHECK (subject = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT, INSERT ON "core_audit" TO caremgmt_worker;
CREATE POLICY worker_select ON "core_audit" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "core_audit" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 04ab1450fa031c60
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_clockoffset' LOOP EXECUTE format('DROP POLICY %I ON "core_clockoffset"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_clockoffset" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_clockoffset" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "core_clockoffset" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "core_clockoffset" TO caremgmt_web;
GRANT SELECT ON "core_clockoffset" TO caremgmt_verb;
GRANT SELECT ON "core_clockoffset" TO caremgmt_worker""",
    # digest 596962a0b8439688
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_counter' LOOP EXECUTE format('DROP POLICY %I ON "core_counter"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_counter" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_counter" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_counter" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_counter" TO caremgmt_owner USING (true) WITH CHECK (true)""",
    # digest fb7eb8ab1504e83a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_datakey' LOOP EXECUTE format('DROP POLICY %I ON "core_datakey"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_datakey" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_datakey" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_datakey" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_datakey" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON "core_datakey" TO caremgmt_verb;
CREATE POLICY verb_select ON "core_datakey" FOR SELECT TO caremgmt_verb USING (subject = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "core_datakey" FOR INSERT TO caremgmt_verb WITH CHECK (subject = ANY ((SELECT caremgmt_uuids('t'))::uuid[]))""",
    # digest 38da4c818c11567d
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_identitykey' LOOP EXECUTE format('DROP POLICY %I ON "core_identitykey"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_identitykey" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_identitykey" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_identitykey" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_identitykey" TO caremgmt_owner USING (true) WITH CHECK (true)""",
    # digest 6a261a83113d5f18
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_installation' LOOP EXECUTE format('DROP POLICY %I ON "core_installation"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_installation" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_installation" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "core_installation" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "core_installation" TO caremgmt_web;
GRANT SELECT ON "core_installation" TO caremgmt_verb;
GRANT SELECT ON "core_installation" TO caremgmt_worker""",
    # digest 6146ed72fc19b760
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_job' LOOP EXECUTE format('DROP POLICY %I ON "core_job"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_job" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_job" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_job" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_job" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON "core_job" TO caremgmt_web;
CREATE POLICY web_select ON "core_job" FOR SELECT TO caremgmt_web USING (user_id = (SELECT caremgmt_uid()));
CREATE POLICY web_update ON "core_job" FOR UPDATE TO caremgmt_web USING (user_id = (SELECT caremgmt_uid())) WITH CHECK (user_id = (SELECT caremgmt_uid()));
GRANT SELECT, INSERT, UPDATE ON "core_job" TO caremgmt_verb;
CREATE POLICY verb_select ON "core_job" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "core_job" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "core_job" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT, UPDATE ON "core_job" TO caremgmt_worker;
CREATE POLICY worker_select ON "core_job" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "core_job" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 7121f2207531bb5f
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_logseal' LOOP EXECUTE format('DROP POLICY %I ON "core_logseal"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_logseal" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_logseal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_logseal" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_logseal" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "core_logseal" TO caremgmt_web;
CREATE POLICY web_select ON "core_logseal" FOR SELECT TO caremgmt_web USING ((SELECT caremgmt_flag('auditor')) OR office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[]));
GRANT SELECT, INSERT ON "core_logseal" TO caremgmt_worker;
CREATE POLICY worker_select ON "core_logseal" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "core_logseal" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 204823f00139aa45
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_outboxitem' LOOP EXECUTE format('DROP POLICY %I ON "core_outboxitem"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_outboxitem" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_outboxitem" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "core_outboxitem" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "core_outboxitem" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT (id, kind, created_at, available_at, attempts, done_at, failed_at, error) ON "core_outboxitem" TO caremgmt_web;
CREATE POLICY web_select ON "core_outboxitem" FOR SELECT TO caremgmt_web USING ((SELECT caremgmt_flag('system')));
GRANT SELECT, INSERT ON "core_outboxitem" TO caremgmt_verb;
CREATE POLICY verb_select ON "core_outboxitem" FOR SELECT TO caremgmt_verb USING (subject = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "core_outboxitem" FOR INSERT TO caremgmt_verb WITH CHECK (subject = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT, INSERT, UPDATE ON "core_outboxitem" TO caremgmt_worker;
CREATE POLICY worker_select ON "core_outboxitem" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "core_outboxitem" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "core_outboxitem" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest cdc790a360ec1a2f
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'core_workday' LOOP EXECUTE format('DROP POLICY %I ON "core_workday"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "core_workday" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "core_workday" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "core_workday" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "core_workday" TO caremgmt_web;
GRANT SELECT ON "core_workday" TO caremgmt_verb;
GRANT SELECT ON "core_workday" TO caremgmt_worker""",
    # digest 01699cff536bdd25
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'django_content_type' LOOP EXECUTE format('DROP POLICY %I ON "django_content_type"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "django_content_type" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "django_content_type" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "django_content_type" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON "django_content_type" TO caremgmt_web;
GRANT SELECT ON "django_content_type" TO caremgmt_verb;
GRANT SELECT ON "django_content_type" TO caremgmt_worker""",
    # digest 1ba0dc926428b2f2
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'django_migrations' LOOP EXECUTE format('DROP POLICY %I ON "django_migrations"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "django_migrations" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "django_migrations" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "django_migrations" NO FORCE ROW LEVEL SECURITY""",
    # digest b7c444e5bb34d08b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'django_session' LOOP EXECUTE format('DROP POLICY %I ON "django_session"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "django_session" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "django_session" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "django_session" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "django_session" TO caremgmt_web""",
    # digest c1b250faef02b2c4
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'guardian_groupobjectpermission' LOOP EXECUTE format('DROP POLICY %I ON "guardian_groupobjectpermission"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "guardian_groupobjectpermission" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "guardian_groupobjectpermission" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "guardian_groupobjectpermission" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "guardian_groupobjectpermission" TO caremgmt_owner USING (true) WITH CHECK (true)""",
    # digest 4599c66b981cf59f
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'guardian_userobjectpermission' LOOP EXECUTE format('DROP POLICY %I ON "guardian_userobjectpermission"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "guardian_userobjectpermission" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "guardian_userobjectpermission" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "guardian_userobjectpermission" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "guardian_userobjectpermission" TO caremgmt_owner USING (true) WITH CHECK (true)""",
    # digest 1a0cbf8661473644
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'hotline_contact' LOOP EXECUTE format('DROP POLICY %I ON "hotline_contact"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "hotline_contact" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "hotline_contact" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hotline_contact" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "hotline_contact" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "hotline_contact" TO caremgmt_web;
CREATE POLICY web_select ON "hotline_contact" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('do'))::uuid[]) OR case_office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[])) AND (status <> 'draft' OR operator_id = (SELECT caremgmt_uid()) OR (left_at IS NOT NULL AND office_id = ANY ((SELECT caremgmt_uuids('do'))::uuid[]))) AND (case_id IS NULL OR (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))));
GRANT SELECT, INSERT, UPDATE ON "hotline_contact" TO caremgmt_verb;
CREATE POLICY verb_select ON "hotline_contact" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "hotline_contact" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "hotline_contact" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "hotline_contact" TO caremgmt_worker;
CREATE POLICY worker_select ON "hotline_contact" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 7f48af09deaef352
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'legalaid_application' LOOP EXECUTE format('DROP POLICY %I ON "legalaid_application"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "legalaid_application" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "legalaid_application" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "legalaid_application" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "legalaid_application" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "legalaid_application" TO caremgmt_web;
CREATE POLICY web_select ON "legalaid_application" FOR SELECT TO caremgmt_web USING (("legalaid_application".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("legalaid_application".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_application".case_id, false)))) OR ("legalaid_application".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND ("legalaid_application".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_application".case_id, false)))));
GRANT SELECT, INSERT, UPDATE ON "legalaid_application" TO caremgmt_verb;
CREATE POLICY verb_select ON "legalaid_application" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "legalaid_application" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "legalaid_application" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "legalaid_application" TO caremgmt_worker;
CREATE POLICY worker_select ON "legalaid_application" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'legalaid_application_case_office') THEN ALTER TABLE "legalaid_application" ADD CONSTRAINT "legalaid_application_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest c9f56b658c32704a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'legalaid_historicalapplication' LOOP EXECUTE format('DROP POLICY %I ON "legalaid_historicalapplication"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "legalaid_historicalapplication" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "legalaid_historicalapplication" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "legalaid_historicalapplication" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "legalaid_historicalapplication" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "legalaid_historicalapplication" TO caremgmt_web;
CREATE POLICY web_select ON "legalaid_historicalapplication" FOR SELECT TO caremgmt_web USING (("legalaid_historicalapplication".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("legalaid_historicalapplication".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_historicalapplication".case_id, false)))) OR ("legalaid_historicalapplication".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND ("legalaid_historicalapplication".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_historicalapplication".case_id, false)))));
GRANT SELECT, INSERT, UPDATE ON "legalaid_historicalapplication" TO caremgmt_verb;
CREATE POLICY verb_select ON "legalaid_historicalapplication" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "legalaid_historicalapplication" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "legalaid_historicalapplication" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "legalaid_historicalapplication" TO caremgmt_worker;
CREATE POLICY worker_select ON "legalaid_historicalapplication" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'legalaid_historicalapplication_case_office') THEN ALTER TABLE "legalaid_historicalapplication" ADD CONSTRAINT "legalaid_historicalapplication_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest f01f374650c93698
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'legalaid_historicalmediation' LOOP EXECUTE format('DROP POLICY %I ON "legalaid_historicalmediation"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "legalaid_historicalmediation" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "legalaid_historicalmediation" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "legalaid_historicalmediation" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "legalaid_historicalmediation" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "legalaid_historicalmediation" TO caremgmt_web;
CREATE POLICY web_select ON "legalaid_historicalmediation" FOR SELECT TO caremgmt_web USING (("legalaid_historicalmediation".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("legalaid_historicalmediation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_historicalmediation".case_id, false)))) OR (("legalaid_historicalmediation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_historicalmediation".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "legalaid_historicalmediation".case_id AND g.section = 'legal' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "legalaid_historicalmediation" TO caremgmt_verb;
CREATE POLICY verb_select ON "legalaid_historicalmediation" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "legalaid_historicalmediation" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "legalaid_historicalmediation" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "legalaid_historicalmediation" TO caremgmt_worker;
CREATE POLICY worker_select ON "legalaid_historicalmediation" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'legalaid_historicalmediation_case_office') THEN ALTER TABLE "legalaid_historicalmediation" ADD CONSTRAINT "legalaid_historicalmediation_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 504b676e17fd0df0
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'legalaid_mediation' LOOP EXECUTE format('DROP POLICY %I ON "legalaid_mediation"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "legalaid_mediation" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "legalaid_mediation" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "legalaid_mediation" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "legalaid_mediation" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "legalaid_mediation" TO caremgmt_web;
CREATE POLICY web_select ON "legalaid_mediation" FOR SELECT TO caremgmt_web USING (("legalaid_mediation".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("legalaid_mediation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_mediation".case_id, false)))) OR (("legalaid_mediation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("legalaid_mediation".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "legalaid_mediation".case_id AND g.section = 'legal' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "legalaid_mediation" TO caremgmt_verb;
CREATE POLICY verb_select ON "legalaid_mediation" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "legalaid_mediation" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "legalaid_mediation" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "legalaid_mediation" TO caremgmt_worker;
CREATE POLICY worker_select ON "legalaid_mediation" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'legalaid_mediation_case_office') THEN ALTER TABLE "legalaid_mediation" ADD CONSTRAINT "legalaid_mediation_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 56b4a6eb149c8bc5
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'mfa_authenticator' LOOP EXECUTE format('DROP POLICY %I ON "mfa_authenticator"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "mfa_authenticator" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "mfa_authenticator" DISABLE ROW LEVEL SECURITY;
ALTER TABLE "mfa_authenticator" NO FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON "mfa_authenticator" TO caremgmt_web;
GRANT USAGE ON SEQUENCE "mfa_authenticator_id_seq" TO caremgmt_web""",
    # digest c2dfdfd2aeb75010
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_absence' LOOP EXECUTE format('DROP POLICY %I ON "referrals_absence"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_absence" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_absence" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_absence" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_absence" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_absence" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_absence" FOR SELECT TO caremgmt_web USING (group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR person_id = (SELECT caremgmt_uid()) OR substitute_id = (SELECT caremgmt_uid()) OR (SELECT caremgmt_uuids('co')) <> '{}');
GRANT SELECT, INSERT, UPDATE ON "referrals_absence" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_absence" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_absence" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_absence" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_absence" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_absence" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest c16bbdfe145190db
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_agendaitem' LOOP EXECUTE format('DROP POLICY %I ON "referrals_agendaitem"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_agendaitem" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_agendaitem" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_agendaitem" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_agendaitem" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_agendaitem" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_agendaitem" FOR SELECT TO caremgmt_web USING (("referrals_agendaitem".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("referrals_agendaitem".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_agendaitem".case_id, false)))) OR EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.item_id = "referrals_agendaitem".id AND v.status = 'accepted'));
GRANT SELECT, INSERT, UPDATE ON "referrals_agendaitem" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_agendaitem" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_agendaitem" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_agendaitem" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_agendaitem" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_agendaitem" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_agendaitem_case_office') THEN ALTER TABLE "referrals_agendaitem" ADD CONSTRAINT "referrals_agendaitem_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest e30a22c1577c82dc
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_conference' LOOP EXECUTE format('DROP POLICY %I ON "referrals_conference"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_conference" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_conference" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_conference" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_conference" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_conference" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_conference" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND (kind = 'standing' OR EXISTS (SELECT 1 FROM referrals_agendaitem a WHERE a.conference_id = "referrals_conference".id))) OR EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.conference_id = "referrals_conference".id));
GRANT SELECT, INSERT, UPDATE ON "referrals_conference" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_conference" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_conference" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_conference" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_conference" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_conference" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 67720d886fb50e1f
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_decision' LOOP EXECUTE format('DROP POLICY %I ON "referrals_decision"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_decision" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_decision" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_decision" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_decision" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_decision" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_decision" FOR SELECT TO caremgmt_web USING (("referrals_decision".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("referrals_decision".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_decision".case_id, false)))) OR EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.item_id = "referrals_decision".item_id AND v.status = 'accepted') OR ("referrals_decision".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND ("referrals_decision".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_decision".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.source_id = "referrals_decision".id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "referrals_decision" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_decision" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_decision" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_decision" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_decision" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_decision" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_decision_case_office') THEN ALTER TABLE "referrals_decision" ADD CONSTRAINT "referrals_decision_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 8122e8d7668ff569
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_historicalconference' LOOP EXECUTE format('DROP POLICY %I ON "referrals_historicalconference"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_historicalconference" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_historicalconference" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_historicalconference" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_historicalconference" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_historicalconference" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_historicalconference" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND (kind = 'standing' OR EXISTS (SELECT 1 FROM referrals_agendaitem a WHERE a.conference_id = "referrals_historicalconference".id))) OR EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.conference_id = "referrals_historicalconference".id));
GRANT SELECT, INSERT, UPDATE ON "referrals_historicalconference" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_historicalconference" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_historicalconference" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_historicalconference" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_historicalconference" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_historicalconference" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 958aaeef4ec3965a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_historicalreferral' LOOP EXECUTE format('DROP POLICY %I ON "referrals_historicalreferral"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_historicalreferral" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_historicalreferral" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_historicalreferral" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_historicalreferral" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_historicalreferral" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_historicalreferral" FOR SELECT TO caremgmt_web USING (("referrals_historicalreferral".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("referrals_historicalreferral".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_historicalreferral".case_id, false)))) OR ("referrals_historicalreferral".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND ("referrals_historicalreferral".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_historicalreferral".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.source_id = "referrals_historicalreferral".id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "referrals_historicalreferral" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_historicalreferral" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_historicalreferral" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_historicalreferral" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_historicalreferral" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_historicalreferral" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_historicalreferral_case_office') THEN ALTER TABLE "referrals_historicalreferral" ADD CONSTRAINT "referrals_historicalreferral_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 9eb74bcf9e4b6c16
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_invitation' LOOP EXECUTE format('DROP POLICY %I ON "referrals_invitation"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_invitation" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_invitation" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_invitation" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_invitation" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_invitation" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_invitation" FOR SELECT TO caremgmt_web USING (("referrals_invitation".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("referrals_invitation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_invitation".case_id, false)))) OR ("referrals_invitation".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND ("referrals_invitation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_invitation".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.source_id = "referrals_invitation".id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "referrals_invitation" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_invitation" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_invitation" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_invitation" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]) OR conference_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_invitation" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_invitation" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_invitation_case_office') THEN ALTER TABLE "referrals_invitation" ADD CONSTRAINT "referrals_invitation_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 69dd3bb5c25e7bc7
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_membership' LOOP EXECUTE format('DROP POLICY %I ON "referrals_membership"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_membership" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_membership" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_membership" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_membership" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_membership" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_membership" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]));
GRANT SELECT, INSERT, UPDATE ON "referrals_membership" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_membership" FOR SELECT TO caremgmt_verb USING (task_force_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_membership" FOR INSERT TO caremgmt_verb WITH CHECK (task_force_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_membership" FOR UPDATE TO caremgmt_verb USING (task_force_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (task_force_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_membership" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_membership" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 592ce51ebcf17279
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_minutetext' LOOP EXECUTE format('DROP POLICY %I ON "referrals_minutetext"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_minutetext" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_minutetext" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_minutetext" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_minutetext" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_minutetext" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_minutetext" FOR SELECT TO caremgmt_web USING (EXISTS (SELECT 1 FROM referrals_agendaitem a WHERE a.id = "referrals_minutetext".item_id));
GRANT SELECT, INSERT, UPDATE ON "referrals_minutetext" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_minutetext" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_minutetext" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_minutetext" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_minutetext" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_minutetext" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_minutetext_case_office') THEN ALTER TABLE "referrals_minutetext" ADD CONSTRAINT "referrals_minutetext_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 646e3bf4de32927b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_referral' LOOP EXECUTE format('DROP POLICY %I ON "referrals_referral"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_referral" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_referral" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_referral" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_referral" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_referral" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_referral" FOR SELECT TO caremgmt_web USING (("referrals_referral".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("referrals_referral".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_referral".case_id, false)))) OR ("referrals_referral".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND ("referrals_referral".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_referral".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.source_id = "referrals_referral".id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "referrals_referral" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_referral" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_referral" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_referral" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_referral" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_referral" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_referral_case_office') THEN ALTER TABLE "referrals_referral" ADD CONSTRAINT "referrals_referral_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 33a428dc4f91cd95
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_referralchase' LOOP EXECUTE format('DROP POLICY %I ON "referrals_referralchase"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_referralchase" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_referralchase" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_referralchase" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_referralchase" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_referralchase" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_referralchase" FOR SELECT TO caremgmt_web USING (("referrals_referralchase".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("referrals_referralchase".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_referralchase".case_id, false)))) OR ("referrals_referralchase".paper NOT IN ('region', 'committee') AND EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = "referrals_referralchase".referral_id)) OR ("referrals_referralchase".paper = 'committee' AND "referrals_referralchase".addressee_group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND ("referrals_referralchase".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_referralchase".case_id, false)))) OR ("referrals_referralchase".paper = 'region' AND ("referrals_referralchase".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_referralchase".case_id, false))) AND (left("referrals_referralchase".region_code, 2) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left("referrals_referralchase".region_code, 4) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left("referrals_referralchase".region_code, 6) = ANY ((SELECT caremgmt_texts('rg'))::text[]))));
GRANT SELECT, INSERT, UPDATE ON "referrals_referralchase" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_referralchase" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_referralchase" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_referralchase" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_referralchase" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_referralchase" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_referralchase_case_office') THEN ALTER TABLE "referrals_referralchase" ADD CONSTRAINT "referrals_referralchase_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 4aa696685ca48956
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_referralgroupobjectpermission' LOOP EXECUTE format('DROP POLICY %I ON "referrals_referralgroupobjectpermission"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_referralgroupobjectpermission" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_referralgroupobjectpermission" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_referralgroupobjectpermission" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_referralgroupobjectpermission" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_referralgroupobjectpermission" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_referralgroupobjectpermission" FOR SELECT TO caremgmt_web USING (group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = "referrals_referralgroupobjectpermission".content_object_id));
GRANT SELECT ON "referrals_referralgroupobjectpermission" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_referralgroupobjectpermission" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 61a323165ebd471c
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_referralnote' LOOP EXECUTE format('DROP POLICY %I ON "referrals_referralnote"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_referralnote" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_referralnote" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_referralnote" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_referralnote" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_referralnote" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_referralnote" FOR SELECT TO caremgmt_web USING (EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = "referrals_referralnote".referral_id));
GRANT SELECT, INSERT ON "referrals_referralnote" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_referralnote" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_referralnote" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_referralnote" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_referralnote" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_referralnote_case_office') THEN ALTER TABLE "referrals_referralnote" ADD CONSTRAINT "referrals_referralnote_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 3193bcb0a00b74b2
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_referraluserobjectpermission' LOOP EXECUTE format('DROP POLICY %I ON "referrals_referraluserobjectpermission"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_referraluserobjectpermission" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_referraluserobjectpermission" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_referraluserobjectpermission" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_referraluserobjectpermission" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_referraluserobjectpermission" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_referraluserobjectpermission" FOR SELECT TO caremgmt_web USING (user_id = (SELECT caremgmt_uid()) AND EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = "referrals_referraluserobjectpermission".content_object_id));
GRANT SELECT ON "referrals_referraluserobjectpermission" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_referraluserobjectpermission" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest f164af7d49984231
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_seat' LOOP EXECUTE format('DROP POLICY %I ON "referrals_seat"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_seat" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_seat" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_seat" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_seat" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_seat" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_seat" FOR SELECT TO caremgmt_web USING (EXISTS (SELECT 1 FROM referrals_agendaitem a WHERE a.id = "referrals_seat".item_id));
GRANT SELECT, INSERT, UPDATE ON "referrals_seat" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_seat" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_seat" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_seat" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_seat" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_seat" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_seat_case_office') THEN ALTER TABLE "referrals_seat" ADD CONSTRAINT "referrals_seat_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 12199117d22dd9c2
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_standin' LOOP EXECUTE format('DROP POLICY %I ON "referrals_standin"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_standin" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_standin" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_standin" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_standin" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_standin" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_standin" FOR SELECT TO caremgmt_web USING (("referrals_standin".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND ("referrals_standin".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("referrals_standin".case_id, false)))) OR EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = "referrals_standin".source_id) OR EXISTS (SELECT 1 FROM referrals_invitation i WHERE i.id = "referrals_standin".source_id) OR EXISTS (SELECT 1 FROM referrals_decision d WHERE d.id = "referrals_standin".source_id));
GRANT SELECT, INSERT, UPDATE ON "referrals_standin" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_standin" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_standin" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_standin" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_standin" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_standin" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_standin_case_office') THEN ALTER TABLE "referrals_standin" ADD CONSTRAINT "referrals_standin_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 48f7e1abbb472e72
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_taskforce' LOOP EXECUTE format('DROP POLICY %I ON "referrals_taskforce"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_taskforce" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_taskforce" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_taskforce" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_taskforce" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_taskforce" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_taskforce" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]));
GRANT SELECT, INSERT, UPDATE ON "referrals_taskforce" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_taskforce" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_taskforce" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_taskforce" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_taskforce" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_taskforce" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest b3080b71a9f8ed8a
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'reports_fact' LOOP EXECUTE format('DROP POLICY %I ON "reports_fact"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "reports_fact" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "reports_fact" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reports_fact" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "reports_fact" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "reports_fact" TO caremgmt_web;
CREATE POLICY web_select ON "reports_fact" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) OR (SELECT caremgmt_flag('province')) OR left(region_code, 2) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 4) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 6) = ANY ((SELECT caremgmt_texts('rg'))::text[])));
GRANT SELECT, INSERT ON "reports_fact" TO caremgmt_worker;
CREATE POLICY worker_select ON "reports_fact" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "reports_fact" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()));
GRANT USAGE ON SEQUENCE "reports_fact_id_seq" TO caremgmt_worker""",
    # digest 8207d379c65bea02
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'reports_monthreport' LOOP EXECUTE format('DROP POLICY %I ON "reports_monthreport"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "reports_monthreport" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "reports_monthreport" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reports_monthreport" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "reports_monthreport" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "reports_monthreport" TO caremgmt_web;
CREATE POLICY web_select ON "reports_monthreport" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) OR (SELECT caremgmt_flag('province')) OR left(region_code, 2) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 4) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 6) = ANY ((SELECT caremgmt_texts('rg'))::text[])));
GRANT SELECT, UPDATE ON "reports_monthreport" TO caremgmt_verb;
CREATE POLICY verb_select ON "reports_monthreport" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "reports_monthreport" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT, INSERT, UPDATE ON "reports_monthreport" TO caremgmt_worker;
CREATE POLICY worker_select ON "reports_monthreport" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "reports_monthreport" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_update ON "reports_monthreport" FOR UPDATE TO caremgmt_worker USING ((SELECT caremgmt_is_worker())) WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest ce9c9243bccbfa19
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'reports_monthstep' LOOP EXECUTE format('DROP POLICY %I ON "reports_monthstep"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "reports_monthstep" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "reports_monthstep" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reports_monthstep" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "reports_monthstep" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "reports_monthstep" TO caremgmt_web;
CREATE POLICY web_select ON "reports_monthstep" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) OR (SELECT caremgmt_flag('province')) OR left(region_code, 2) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 4) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 6) = ANY ((SELECT caremgmt_texts('rg'))::text[])));
GRANT SELECT, INSERT ON "reports_monthstep" TO caremgmt_verb;
CREATE POLICY verb_select ON "reports_monthstep" FOR SELECT TO caremgmt_verb USING (report_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "reports_monthstep" FOR INSERT TO caremgmt_verb WITH CHECK (report_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "reports_monthstep" TO caremgmt_worker;
CREATE POLICY worker_select ON "reports_monthstep" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 25abba34a9db02ae
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'reports_revision' LOOP EXECUTE format('DROP POLICY %I ON "reports_revision"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "reports_revision" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "reports_revision" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reports_revision" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "reports_revision" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "reports_revision" TO caremgmt_web;
CREATE POLICY web_select ON "reports_revision" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) OR (SELECT caremgmt_flag('province')) OR left(region_code, 2) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 4) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left(region_code, 6) = ANY ((SELECT caremgmt_texts('rg'))::text[])));
GRANT SELECT, INSERT ON "reports_revision" TO caremgmt_worker;
CREATE POLICY worker_select ON "reports_revision" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "reports_revision" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()))""",
    # digest 39759c01bed6d613
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'shelter_bed' LOOP EXECUTE format('DROP POLICY %I ON "shelter_bed"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "shelter_bed" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "shelter_bed" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shelter_bed" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "shelter_bed" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "shelter_bed" TO caremgmt_web;
CREATE POLICY web_select ON "shelter_bed" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('ke'))::uuid[]) OR office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[])));
GRANT SELECT, INSERT, UPDATE ON "shelter_bed" TO caremgmt_verb;
CREATE POLICY verb_select ON "shelter_bed" FOR SELECT TO caremgmt_verb USING (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "shelter_bed" FOR INSERT TO caremgmt_verb WITH CHECK (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "shelter_bed" FOR UPDATE TO caremgmt_verb USING (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "shelter_bed" TO caremgmt_worker;
CREATE POLICY worker_select ON "shelter_bed" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 75d4f29375df5add
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'shelter_historicalstay' LOOP EXECUTE format('DROP POLICY %I ON "shelter_historicalstay"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "shelter_historicalstay" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "shelter_historicalstay" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shelter_historicalstay" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "shelter_historicalstay" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "shelter_historicalstay" TO caremgmt_web;
CREATE POLICY web_select ON "shelter_historicalstay" FOR SELECT TO caremgmt_web USING ((keeper_office_id = ANY ((SELECT caremgmt_uuids('ke'))::uuid[]) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))) OR (("shelter_historicalstay".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("shelter_historicalstay".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "shelter_historicalstay".case_id AND g.section = 'shelter' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "shelter_historicalstay" TO caremgmt_verb;
CREATE POLICY verb_select ON "shelter_historicalstay" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "shelter_historicalstay" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "shelter_historicalstay" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "shelter_historicalstay" TO caremgmt_worker;
CREATE POLICY worker_select ON "shelter_historicalstay" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'shelter_historicalstay_case_office') THEN ALTER TABLE "shelter_historicalstay" ADD CONSTRAINT "shelter_historicalstay_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest 031ad611a4d5ea4b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'shelter_house' LOOP EXECUTE format('DROP POLICY %I ON "shelter_house"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "shelter_house" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "shelter_house" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shelter_house" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "shelter_house" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "shelter_house" TO caremgmt_web;
CREATE POLICY web_select ON "shelter_house" FOR SELECT TO caremgmt_web USING ((office_id = ANY ((SELECT caremgmt_uuids('ke'))::uuid[]) OR office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[])));
GRANT SELECT, INSERT, UPDATE ON "shelter_house" TO caremgmt_verb;
CREATE POLICY verb_select ON "shelter_house" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "shelter_house" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "shelter_house" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "shelter_house" TO caremgmt_worker;
CREATE POLICY worker_select ON "shelter_house" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 18f768a46219699e
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'shelter_houseaddress' LOOP EXECUTE format('DROP POLICY %I ON "shelter_houseaddress"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "shelter_houseaddress" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "shelter_houseaddress" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shelter_houseaddress" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "shelter_houseaddress" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "shelter_houseaddress" TO caremgmt_web;
CREATE POLICY web_select ON "shelter_houseaddress" FOR SELECT TO caremgmt_web USING (office_id = ANY ((SELECT caremgmt_uuids('ke'))::uuid[]) OR EXISTS (SELECT 1 FROM shelter_stay s JOIN cases_case c ON c.id = s.case_id WHERE s.house_id = "shelter_houseaddress".house_id AND s.status IN ('held', 'checked_in') AND c.manager_id = (SELECT caremgmt_uid()) AND c.office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[])));
GRANT SELECT, INSERT, UPDATE ON "shelter_houseaddress" TO caremgmt_verb;
CREATE POLICY verb_select ON "shelter_houseaddress" FOR SELECT TO caremgmt_verb USING (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "shelter_houseaddress" FOR INSERT TO caremgmt_verb WITH CHECK (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "shelter_houseaddress" FOR UPDATE TO caremgmt_verb USING (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (house_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]))""",
    # digest d87d83b9f9716932
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'shelter_stay' LOOP EXECUTE format('DROP POLICY %I ON "shelter_stay"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "shelter_stay" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "shelter_stay" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shelter_stay" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "shelter_stay" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "shelter_stay" TO caremgmt_web;
CREATE POLICY web_select ON "shelter_stay" FOR SELECT TO caremgmt_web USING ((keeper_office_id = ANY ((SELECT caremgmt_uuids('ke'))::uuid[]) AND (case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(case_id, false)))) OR (("shelter_stay".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut("shelter_stay".case_id, false))) AND (SELECT true FROM cases_accessgrant g WHERE g.case_id = "shelter_stay".case_id AND g.section = 'shelter' AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR (g.user_id = (SELECT caremgmt_uid()) AND (g.member_of IS NULL OR g.member_of = ANY ((SELECT caremgmt_groups())::integer[])) AND (g.at_office IS NULL OR g.at_office = ANY ((SELECT caremgmt_uuids('co'))::uuid[])))) AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) LIMIT 1)));
GRANT SELECT, INSERT, UPDATE ON "shelter_stay" TO caremgmt_verb;
CREATE POLICY verb_select ON "shelter_stay" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "shelter_stay" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "shelter_stay" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "shelter_stay" TO caremgmt_worker;
CREATE POLICY worker_select ON "shelter_stay" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'shelter_stay_case_office') THEN ALTER TABLE "shelter_stay" ADD CONSTRAINT "shelter_stay_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
    # digest ef4f0491e1903b88
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'shelter_staynote' LOOP EXECUTE format('DROP POLICY %I ON "shelter_staynote"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "shelter_staynote" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "shelter_staynote" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shelter_staynote" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "shelter_staynote" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "shelter_staynote" TO caremgmt_web;
CREATE POLICY web_select ON "shelter_staynote" FOR SELECT TO caremgmt_web USING (EXISTS (SELECT 1 FROM shelter_stay s WHERE s.id = "shelter_staynote".stay_id));
GRANT SELECT, INSERT ON "shelter_staynote" TO caremgmt_verb;
CREATE POLICY verb_select ON "shelter_staynote" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "shelter_staynote" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "shelter_staynote" TO caremgmt_worker;
CREATE POLICY worker_select ON "shelter_staynote" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'shelter_staynote_case_office') THEN ALTER TABLE "shelter_staynote" ADD CONSTRAINT "shelter_staynote_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
]


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("agencies", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0001_initial"),
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
    ]
    # Not reversible: going back would open the tables.
    operations = [migrations.RunSQL([(statement, None) for statement in SQL])]

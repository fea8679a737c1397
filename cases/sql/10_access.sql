-- Recusal: the ids of cases that the one who asks must not know of, behind a wall or a seal. An array, made once per statement: nobody has many.
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

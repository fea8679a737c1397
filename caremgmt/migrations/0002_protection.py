"""The database's protection, part 2 (written by `manage.py makeprotection`; frozen)."""

from django.db import migrations

SQL: list[str] = [
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
    # digest 4beeaebd0fc4355d
    """-- Which cases stand on the agenda of one of the own centre's conferences: what the ticket of a verb on the whole conference must name. Ids
-- only: whoever stands behind a wall of one of them still sees no row of it.
CREATE OR REPLACE FUNCTION caremgmt_conference_cases(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.case_id FROM referrals_agendaitem a JOIN referrals_conference c ON c.id = a.conference_id
    WHERE a.conference_id = wanted AND c.office_id = ANY (caremgmt_uuids('co')) $$;
""",
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
    # digest 17740fcff9e01587
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_agendaitem' LOOP EXECUTE format('DROP POLICY %I ON "referrals_agendaitem"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_agendaitem" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_agendaitem" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_agendaitem" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_agendaitem" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_agendaitem" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_agendaitem" FOR SELECT TO caremgmt_web USING (("referrals_agendaitem".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND "referrals_agendaitem".case_id <> ALL ((SELECT caremgmt_walled())::uuid[])) OR EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.item_id = "referrals_agendaitem".id AND v.status = 'accepted'));
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
    # digest 17ebef4893d4b6be
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_decision' LOOP EXECUTE format('DROP POLICY %I ON "referrals_decision"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_decision" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_decision" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_decision" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_decision" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_decision" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_decision" FOR SELECT TO caremgmt_web USING (("referrals_decision".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND "referrals_decision".case_id <> ALL ((SELECT caremgmt_walled())::uuid[])) OR EXISTS (SELECT 1 FROM referrals_invitation v WHERE v.item_id = "referrals_decision".item_id AND v.status = 'accepted') OR ("referrals_decision".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND "referrals_decision".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND (SELECT true FROM cases_accessgrant g WHERE g.source_id = "referrals_decision".id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR g.user_id = (SELECT caremgmt_uid())) LIMIT 1)));
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
    # digest a27323941113788f
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_invitation' LOOP EXECUTE format('DROP POLICY %I ON "referrals_invitation"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_invitation" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_invitation" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_invitation" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_invitation" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_invitation" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_invitation" FOR SELECT TO caremgmt_web USING (("referrals_invitation".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND "referrals_invitation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[])) OR ("referrals_invitation".group_id = ANY ((SELECT caremgmt_groups())::integer[]) AND "referrals_invitation".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND (SELECT true FROM cases_accessgrant g WHERE g.source_id = "referrals_invitation".id AND g.section = 'letter' AND g.withdrawn_at IS NULL AND g.valid_from <= (SELECT caremgmt_now()) AND (g.valid_until IS NULL OR g.valid_until > (SELECT caremgmt_now())) AND (g.group_id = ANY ((SELECT caremgmt_groups())::integer[]) OR g.user_id = (SELECT caremgmt_uid())) LIMIT 1)));
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
]


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("agencies", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0002_booking"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("hotline", "0001_initial"),
        ("legalaid", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("referrals", "0002_conferences"),
        ("reports", "0001_initial"),
        ("sessions", "0001_initial"),
        ("shelter", "0001_initial"),
        ("caremgmt", "0001_protection"),
    ]
    # Not reversible: going back would open the tables.
    operations = [migrations.RunSQL([(statement, None) for statement in SQL])]

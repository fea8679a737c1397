-- The promise: every open case, and every accepted contact, has a next step with an owner and a due time.
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

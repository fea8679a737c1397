-- An accepted contact that still owes something has a next step, like a case.
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

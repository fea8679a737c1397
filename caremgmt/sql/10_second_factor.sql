-- A second factor is its owner's: nobody else, whatever statements they get onto the web's connection, enrols, replaces, moves or removes it.
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

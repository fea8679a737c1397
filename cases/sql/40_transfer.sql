-- Transfer between centres: what the database holds by itself.

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

-- A bed is nobody's twice: two who hold it at the same moment cannot both get it. What is released or over counts no more.
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

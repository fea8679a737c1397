-- Which cases stand on the agenda of one of the own centre's conferences: what the ticket of a verb on the whole conference must name. Ids
-- only: whoever stands behind a wall of one of them still sees no row of it.
CREATE OR REPLACE FUNCTION caremgmt_conference_cases(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.case_id FROM referrals_agendaitem a JOIN referrals_conference c ON c.id = a.conference_id
    WHERE a.conference_id = wanted AND c.office_id = ANY (caremgmt_uuids('co')) $$;

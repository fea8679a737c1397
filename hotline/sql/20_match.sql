-- "Known?": the operator types what the caller says and gets one word back. Only with a live contact of her own, five times in all,
-- over the centres of the desk's region, never past a wall. 'respondent' warns: the number is one of a person complained of.
CREATE OR REPLACE FUNCTION caremgmt_match(live uuid, wanted text, seen bytea) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE prefix text; roles text[];
BEGIN
    SELECT CASE r.level WHEN 'province' THEN left(r.code, 2) WHEN 'prefecture' THEN left(r.code, 4) ELSE left(r.code, 6) END INTO prefix
        FROM hotline_contact c JOIN agencies_office o ON o.id = c.office_id JOIN agencies_region r ON r.code = o.region_id
        WHERE c.id = live AND c.operator_id = caremgmt_uid() AND c.status = 'draft';
    IF prefix IS NULL OR (SELECT count(*) FROM core_accesslog WHERE object_id = live AND reason LIKE 'match%') >= 5 THEN
        RAISE EXCEPTION 'this cannot be asked' USING ERRCODE = 'CM040';
    END IF;
    SELECT array_agg(f.role) INTO roles FROM cases_fingerprint f JOIN agencies_office o ON o.id = f.office_id
        WHERE f.digest = seen AND f.kind = wanted AND o.region_id LIKE prefix || '%' AND NOT (f.case_id = ANY (caremgmt_walled()));
    RETURN CASE WHEN roles IS NULL THEN 'none' WHEN 'respondent' = ANY (roles) THEN 'respondent' ELSE 'match' END;
END $$;

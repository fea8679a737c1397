-- "Known?": the operator types what the caller says and gets one word back. Only with a live contact of her own, five times in a call and
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

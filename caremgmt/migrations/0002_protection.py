"""The database's protection, part 2 (written by `manage.py makeprotection`; frozen)."""

from django.db import migrations

SQL: list[str] = [
    # digest 937ca367a156b5eb
    """-- Who acts: verified once per statement (policies call these in sub-selects, which become init plans).

CREATE OR REPLACE FUNCTION caremgmt_identity() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    raw text := current_setting('app.identity', true);
    mac text := current_setting('app.identity_mac', true);
    k record;
    claims jsonb;
BEGIN
    IF raw IS NULL OR raw = '' THEN
        RAISE EXCEPTION 'identity is not set' USING ERRCODE = 'CM001';
    END IF;
    FOR k IN SELECT inner_pad, outer_pad FROM core_identitykey LOOP
        IF encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(raw, 'UTF8'))), 'hex') = mac THEN
            claims := raw::jsonb;
            -- bound to this backend and this transaction: a text read from another session is worth nothing here
            IF (claims->>'pid')::int = pg_backend_pid() AND claims->>'tx' = extract(epoch FROM now())::text THEN
                RETURN claims;
            END IF;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'identity is not valid' USING ERRCODE = 'CM002';
END $$;

CREATE OR REPLACE FUNCTION caremgmt_uid() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT (caremgmt_identity()->>'u')::uuid $$;

CREATE OR REPLACE FUNCTION caremgmt_uuids(claim text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value::uuid), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->claim, '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_groups() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value::integer), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->'g', '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_texts(claim text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(value), '{}') FROM jsonb_array_elements_text(coalesce(caremgmt_identity()->claim, '[]')) $$;

CREATE OR REPLACE FUNCTION caremgmt_flag(flag text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT coalesce(caremgmt_identity()->'f' ? flag, false) $$;

CREATE OR REPLACE FUNCTION caremgmt_is_user() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT caremgmt_identity()->>'k' = 'user' $$;

CREATE OR REPLACE FUNCTION caremgmt_is_worker() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT caremgmt_identity()->>'k' = 'worker' $$;

CREATE OR REPLACE FUNCTION caremgmt_now() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(to_timestamp((claims->>'now')::float8), statement_timestamp() + make_interval(secs => coalesce((claims->>'off')::float8, 0)))
    FROM (SELECT caremgmt_identity() AS claims) AS i $$;

-- The day in Yunnan: the session's own zone is UTC, where a role that begins today has not begun before eight in the morning.
CREATE OR REPLACE FUNCTION caremgmt_today() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT (caremgmt_now() AT TIME ZONE 'Asia/Shanghai')::date $$;

-- Data keys are wrapped by the key ring and given only for subjects that the asker can name: nobody can list them. The anonymous get none.
CREATE OR REPLACE FUNCTION caremgmt_keys(subjects uuid[]) RETURNS TABLE (subject uuid, wrapped bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT k.subject, k.wrapped FROM core_datakey k WHERE (caremgmt_is_user() OR caremgmt_is_worker()) AND k.subject = ANY (subjects) $$;

-- The clock of a real installation cannot be turned.
CREATE OR REPLACE FUNCTION caremgmt_refuse_real_clock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.seconds <> 0 AND NOT EXISTS (SELECT 1 FROM core_installation WHERE kind = 'demo') THEN
        RAISE EXCEPTION 'the clock of a real installation cannot be turned' USING ERRCODE = 'CM003';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS core_clockoffset_refuse ON core_clockoffset;
CREATE TRIGGER core_clockoffset_refuse BEFORE INSERT OR UPDATE ON core_clockoffset FOR EACH ROW EXECUTE FUNCTION caremgmt_refuse_real_clock();

-- A log is only ever written at its end.
CREATE OR REPLACE FUNCTION caremgmt_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this table is append-only' USING ERRCODE = 'CM004';
END $$;

DROP TRIGGER IF EXISTS core_audit_append_only ON core_audit;
CREATE TRIGGER core_audit_append_only BEFORE UPDATE OR DELETE ON core_audit FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
DROP TRIGGER IF EXISTS core_accesslog_append_only ON core_accesslog;
CREATE TRIGGER core_accesslog_append_only BEFORE DELETE OR UPDATE OF
    id, at, action, actor_id, actor_name, actor_role, actor_agency, address, route, object_type, object_id, case_id, office_id, sections, reason, count, case_ids
    ON core_accesslog FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();

-- The lists, exports and searches that showed a case, the newest so many. `@>` is not leakproof: under row-level security the index over
-- the cases of a list stays unused, and every row of the log would be read. Ids alone, to whom the log's policy shows rows of the case;
-- that policy is asked again for each row (AccessLog.objects.of_case).
CREATE OR REPLACE FUNCTION caremgmt_lists_of(which uuid, at_most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 500 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    all_offices boolean := caremgmt_flag('auditor');
    offices uuid[] := caremgmt_uuids('co') || caremgmt_uuids('di');
BEGIN
    IF which IS NULL OR NOT (all_offices OR (which <> ALL (caremgmt_walled()) AND NOT caremgmt_is_shut(which, true))) THEN
        RETURN;
    END IF;
    -- materialized: a plan that is kept for any limit would rather walk the whole log by time
    RETURN QUERY WITH found AS MATERIALIZED (
        SELECT l.id, l.at FROM core_accesslog l WHERE l.case_ids @> ARRAY[which] AND (all_offices OR l.office_id = ANY (offices)))
        SELECT found.id FROM found ORDER BY found.at DESC LIMIT greatest(coalesce(at_most, 0), 0);
END $$;
DROP TRIGGER IF EXISTS core_logseal_append_only ON core_logseal;
CREATE TRIGGER core_logseal_append_only BEFORE UPDATE OR DELETE ON core_logseal FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();

-- The next ordinal of a scope (kind, region, year); the number that people speak is a permutation of it, so that gaps tell nothing.
CREATE OR REPLACE FUNCTION caremgmt_next(wanted text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE n integer;
BEGIN
    IF caremgmt_identity()->'t' IS NULL AND NOT caremgmt_is_worker() THEN
        RAISE EXCEPTION 'numbers are given inside a verb' USING ERRCODE = 'CM005';
    END IF;
    INSERT INTO core_counter AS c (scope, last) VALUES (wanted, 1)
        ON CONFLICT (scope) DO UPDATE SET last = c.last + 1 RETURNING last INTO n;
    RETURN n;
END $$;
""",
    # digest e215ee46bb312a75
    """DO $$ DECLARE f record; BEGIN FOR f IN SELECT oid::regprocedure AS named, prorettype = 'trigger'::regtype OR proname IN ('caremgmt_consent_holds', 'caremgmt_copy_walls', 'caremgmt_is_barred', 'caremgmt_is_kept_from', 'caremgmt_is_walled_off', 'caremgmt_may_grant', 'caremgmt_moment', 'caremgmt_project_grants', 'caremgmt_promise_case', 'caremgmt_promise_contact', 'caremgmt_wall_namesakes') AS is_internal FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN ('caremgmt_append_only', 'caremgmt_bed_occupancy', 'caremgmt_closed_is_locked', 'caremgmt_conference_cases', 'caremgmt_conflict', 'caremgmt_consent_holds', 'caremgmt_copy_walls', 'caremgmt_end_access', 'caremgmt_end_at_closing', 'caremgmt_end_source', 'caremgmt_expire_access', 'caremgmt_flag', 'caremgmt_glass_end', 'caremgmt_glass_open', 'caremgmt_glass_sealed', 'caremgmt_glass_shows', 'caremgmt_grant', 'caremgmt_groups', 'caremgmt_identity', 'caremgmt_is_barred', 'caremgmt_is_kept_from', 'caremgmt_is_shut', 'caremgmt_is_user', 'caremgmt_is_walled_off', 'caremgmt_is_worker', 'caremgmt_joint_close', 'caremgmt_joint_ends_its_access', 'caremgmt_joint_open', 'caremgmt_keys', 'caremgmt_letter_permission', 'caremgmt_limit_consent', 'caremgmt_lists_of', 'caremgmt_match', 'caremgmt_may_grant', 'caremgmt_may_hold', 'caremgmt_merge_access', 'caremgmt_moment', 'caremgmt_moves_cases_case', 'caremgmt_moves_cases_followup', 'caremgmt_moves_cases_jointhandling', 'caremgmt_moves_cases_transfer', 'caremgmt_moves_hotline_contact', 'caremgmt_moves_legalaid_application', 'caremgmt_moves_referrals_conference', 'caremgmt_moves_referrals_decision', 'caremgmt_moves_referrals_invitation', 'caremgmt_moves_referrals_referral', 'caremgmt_moves_reports_monthreport', 'caremgmt_moves_shelter_stay', 'caremgmt_namesake_is_given', 'caremgmt_namesake_on_staff', 'caremgmt_next', 'caremgmt_now', 'caremgmt_open_offer', 'caremgmt_own_second_factor', 'caremgmt_pass_on', 'caremgmt_project_grants', 'caremgmt_promise_case', 'caremgmt_promise_contact', 'caremgmt_promise_of_case', 'caremgmt_promise_of_contact', 'caremgmt_promise_of_item', 'caremgmt_record_approve', 'caremgmt_refuse_real_clock', 'caremgmt_remaining', 'caremgmt_row_of_closed', 'caremgmt_seal', 'caremgmt_sealed_alike', 'caremgmt_stand_in', 'caremgmt_stands_behind_wall', 'caremgmt_take_over', 'caremgmt_texts', 'caremgmt_today', 'caremgmt_transfer_takers', 'caremgmt_transferred_has_taker', 'caremgmt_uid', 'caremgmt_unit_letters', 'caremgmt_unit_load', 'caremgmt_units_below', 'caremgmt_unseal', 'caremgmt_uuids', 'caremgmt_wall', 'caremgmt_wall_lift', 'caremgmt_wall_namesake', 'caremgmt_wall_namesakes', 'caremgmt_walled', 'caremgmt_withdraw', 'caremgmt_withdraw_consent') LOOP EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker', f.named); IF NOT f.is_internal THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO caremgmt_web, caremgmt_verb, caremgmt_worker', f.named); END IF; END LOOP; END $$""",
]


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("agencies", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("hotline", "0001_initial"),
        ("legalaid", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("referrals", "0001_initial"),
        ("reports", "0001_initial"),
        ("sessions", "0001_initial"),
        ("shelter", "0001_initial"),
        ("caremgmt", "0001_protection"),
    ]
    # Not reversible: going back would open the tables.
    operations = [migrations.RunSQL([(statement, None) for statement in SQL])]

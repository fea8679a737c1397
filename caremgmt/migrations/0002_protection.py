"""The database's protection, part 2 (written by `manage.py makeprotection`; frozen)."""

from django.db import migrations

SQL: list[str] = [
    # digest 8bbf503f4947565b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'referrals_referralchase' LOOP EXECUTE format('DROP POLICY %I ON "referrals_referralchase"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "referrals_referralchase" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "referrals_referralchase" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "referrals_referralchase" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "referrals_referralchase" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "referrals_referralchase" TO caremgmt_web;
CREATE POLICY web_select ON "referrals_referralchase" FOR SELECT TO caremgmt_web USING (("referrals_referralchase".office_id = ANY ((SELECT caremgmt_uuids('co'))::uuid[]) AND "referrals_referralchase".case_id <> ALL ((SELECT caremgmt_walled())::uuid[])) OR ("referrals_referralchase".paper <> 'region' AND EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = "referrals_referralchase".referral_id)) OR ("referrals_referralchase".paper = 'region' AND "referrals_referralchase".case_id <> ALL ((SELECT caremgmt_walled())::uuid[]) AND (left("referrals_referralchase".region_code, 2) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left("referrals_referralchase".region_code, 4) = ANY ((SELECT caremgmt_texts('rg'))::text[]) OR left("referrals_referralchase".region_code, 6) = ANY ((SELECT caremgmt_texts('rg'))::text[]))));
GRANT SELECT, INSERT, UPDATE ON "referrals_referralchase" TO caremgmt_verb;
CREATE POLICY verb_select ON "referrals_referralchase" FOR SELECT TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "referrals_referralchase" FOR INSERT TO caremgmt_verb WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "referrals_referralchase" FOR UPDATE TO caremgmt_verb USING (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (case_id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "referrals_referralchase" TO caremgmt_worker;
CREATE POLICY worker_select ON "referrals_referralchase" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'referrals_referralchase_case_office') THEN ALTER TABLE "referrals_referralchase" ADD CONSTRAINT "referrals_referralchase_case_office" FOREIGN KEY (case_id, office_id) REFERENCES cases_case (id, office_id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$""",
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
        ("referrals", "0003_chase"),
        ("reports", "0001_initial"),
        ("sessions", "0001_initial"),
        ("shelter", "0001_initial"),
        ("caremgmt", "0001_protection"),
    ]
    # Not reversible: going back would open the tables.
    operations = [migrations.RunSQL([(statement, None) for statement in SQL])]

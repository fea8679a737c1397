"""The database's protection, part 3 (written by `manage.py makeprotection`; frozen)."""

from django.db import migrations

SQL: list[str] = [
    # digest 083ae799f2d4a9b5
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'cases_burst' LOOP EXECUTE format('DROP POLICY %I ON "cases_burst"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "cases_burst" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "cases_burst" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cases_burst" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "cases_burst" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "cases_burst" TO caremgmt_web;
CREATE POLICY web_select ON "cases_burst" FOR SELECT TO caremgmt_web USING (((SELECT caremgmt_flag('auditor')) OR office_id = ANY ((SELECT caremgmt_uuids('di'))::uuid[])) AND actor_id <> (SELECT caremgmt_uid()));
GRANT SELECT, UPDATE ON "cases_burst" TO caremgmt_verb;
CREATE POLICY verb_select ON "cases_burst" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "cases_burst" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT, INSERT ON "cases_burst" TO caremgmt_worker;
CREATE POLICY worker_select ON "cases_burst" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_insert ON "cases_burst" FOR INSERT TO caremgmt_worker WITH CHECK ((SELECT caremgmt_is_worker()))""",
]


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("agencies", "0002_walls"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0003_bursts"),
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
        ("caremgmt", "0002_protection"),
    ]
    # Not reversible: going back would open the tables.
    operations = [migrations.RunSQL([(statement, None) for statement in SQL])]

"""The database's protection, part 2 (written by `manage.py makeprotection`; frozen)."""

from django.db import migrations

SQL: list[str] = [
    # digest 1dd8327f17cdeaaa
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_agencykey' LOOP EXECUTE format('DROP POLICY %I ON "agencies_agencykey"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_agencykey" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_agencykey" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_agencykey" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_agencykey" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT SELECT ON "agencies_agencykey" TO caremgmt_web;
CREATE POLICY web_select ON "agencies_agencykey" FOR SELECT TO caremgmt_web USING ((confirmed_at IS NOT NULL AND revoked_at IS NULL) OR (SELECT caremgmt_flag('system')));
GRANT SELECT, INSERT, UPDATE ON "agencies_agencykey" TO caremgmt_verb;
CREATE POLICY verb_select ON "agencies_agencykey" FOR SELECT TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_insert ON "agencies_agencykey" FOR INSERT TO caremgmt_verb WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
CREATE POLICY verb_update ON "agencies_agencykey" FOR UPDATE TO caremgmt_verb USING (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[])) WITH CHECK (id = ANY ((SELECT caremgmt_uuids('t'))::uuid[]));
GRANT SELECT ON "agencies_agencykey" TO caremgmt_worker;
CREATE POLICY worker_select ON "agencies_agencykey" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
    # digest 8cf7ad8f940e2b1b
    """DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 'agencies_keynonce' LOOP EXECUTE format('DROP POLICY %I ON "agencies_keynonce"', p.policyname); END LOOP; END $$;
REVOKE ALL ON "agencies_keynonce" FROM PUBLIC, caremgmt_web, caremgmt_verb, caremgmt_worker;
ALTER TABLE "agencies_keynonce" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agencies_keynonce" FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON "agencies_keynonce" TO caremgmt_owner USING (true) WITH CHECK (true);
GRANT INSERT ON "agencies_keynonce" TO caremgmt_web;
CREATE POLICY web_insert ON "agencies_keynonce" FOR INSERT TO caremgmt_web WITH CHECK (EXISTS (SELECT 1 FROM agencies_agencykey k WHERE k.id = key_id));
GRANT SELECT, DELETE ON "agencies_keynonce" TO caremgmt_worker;
CREATE POLICY worker_select ON "agencies_keynonce" FOR SELECT TO caremgmt_worker USING ((SELECT caremgmt_is_worker()));
CREATE POLICY worker_delete ON "agencies_keynonce" FOR DELETE TO caremgmt_worker USING ((SELECT caremgmt_is_worker()))""",
]


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("agencies", "0002_keys"),
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

-- Facts, steps and revisions are only ever written at their end.
DROP TRIGGER IF EXISTS reports_fact_append_only ON reports_fact;
CREATE TRIGGER reports_fact_append_only BEFORE UPDATE OR DELETE ON reports_fact FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
DROP TRIGGER IF EXISTS reports_monthstep_append_only ON reports_monthstep;
CREATE TRIGGER reports_monthstep_append_only BEFORE UPDATE OR DELETE ON reports_monthstep FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();
DROP TRIGGER IF EXISTS reports_revision_append_only ON reports_revision;
CREATE TRIGGER reports_revision_append_only BEFORE UPDATE OR DELETE ON reports_revision FOR EACH ROW EXECUTE FUNCTION caremgmt_append_only();

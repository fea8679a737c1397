-- Guardian's view_letter on a referral follows its letter grants: the unit's, or the named liaison's.
CREATE OR REPLACE FUNCTION caremgmt_letter_permission() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE permission integer;
BEGIN
    IF NEW.section <> 'letter' THEN
        RETURN NULL;
    END IF;
    SELECT p.id INTO permission FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
        WHERE t.app_label = 'referrals' AND t.model = 'referral' AND p.codename = 'view_letter';
    IF NEW.withdrawn_at IS NULL AND NEW.valid_from IS NOT NULL THEN
        IF NEW.group_id IS NOT NULL THEN
            INSERT INTO referrals_referralgroupobjectpermission (group_id, permission_id, content_object_id, sent_at)
                VALUES (NEW.group_id, permission, NEW.source_id, NEW.offered_at) ON CONFLICT DO NOTHING;
        ELSE
            INSERT INTO referrals_referraluserobjectpermission (user_id, permission_id, content_object_id, sent_at)
                VALUES (NEW.user_id, permission, NEW.source_id, NEW.offered_at) ON CONFLICT DO NOTHING;
        END IF;
    ELSE
        DELETE FROM referrals_referralgroupobjectpermission
            WHERE group_id = NEW.group_id AND permission_id = permission AND content_object_id = NEW.source_id;
        DELETE FROM referrals_referraluserobjectpermission
            WHERE user_id = NEW.user_id AND permission_id = permission AND content_object_id = NEW.source_id;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_accessgrant_letter ON cases_accessgrant;
CREATE TRIGGER cases_accessgrant_letter AFTER INSERT OR UPDATE ON cases_accessgrant FOR EACH ROW EXECUTE FUNCTION caremgmt_letter_permission();

"""Of a pause only its end is ever written, and once; no pause is deleted, and its history stays."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION complaints_pause_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - 'ended_at' IS DISTINCT FROM to_jsonb(OLD) - 'ended_at' THEN
        RAISE EXCEPTION 'pause %: it is ended once, and nothing else of it changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pause_stays BEFORE UPDATE ON complaints_pause
    FOR EACH ROW EXECUTE FUNCTION complaints_pause_stays();
CREATE TRIGGER append_only BEFORE DELETE ON complaints_pause
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON complaints_pause
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON complaints_historicalpause
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON complaints_historicalpause
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""
DROP = """
DROP FUNCTION complaints_pause_stays() CASCADE;
DROP TRIGGER append_only ON complaints_pause;
DROP TRIGGER never_emptied ON complaints_pause;
DROP TRIGGER append_only ON complaints_historicalpause;
DROP TRIGGER never_emptied ON complaints_historicalpause;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0020_pauses")]
    operations = [migrations.RunSQL(GUARDS, DROP)]

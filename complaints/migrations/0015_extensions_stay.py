"""Of an extension its answer is written once, and once how it ended: in force with the notice, or lapsed."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION complaints_extension_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer text[] := '{answer,answered_by_id,answered_at,answer_reason}';
    ending text[] := '{message_id,in_force_at,lapsed_at,due_at,due_on}';
    may_change text[] := CASE
        WHEN OLD.answer = '' THEN answer
        WHEN OLD.answer = 'approved' AND OLD.in_force_at IS NULL AND OLD.lapsed_at IS NULL THEN ending
        ELSE '{}' END;
BEGIN
    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'extension %: it is answered once and ends once, and nothing else of it changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER extension_stays BEFORE UPDATE ON complaints_extension
    FOR EACH ROW EXECUTE FUNCTION complaints_extension_stays();
CREATE TRIGGER never_deleted BEFORE DELETE ON complaints_extension
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON complaints_extension
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON complaints_historicalextension
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON complaints_historicalextension
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""
DROP = """
DROP FUNCTION complaints_extension_stays() CASCADE;
DROP TRIGGER never_deleted ON complaints_extension;
DROP TRIGGER never_emptied ON complaints_extension;
DROP TRIGGER append_only ON complaints_historicalextension;
DROP TRIGGER never_emptied ON complaints_historicalextension;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0014_extensions_that_wait")]
    operations = [migrations.RunSQL(GUARDS, DROP)]

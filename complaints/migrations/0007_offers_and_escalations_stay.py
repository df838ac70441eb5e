"""An escalation stays as it was recorded; of an offer only its answer is ever written, and once."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION complaints_handover_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answer <> '' OR to_jsonb(NEW) - 'answer' - 'answered_at' - 'answer_reason'
        IS DISTINCT FROM to_jsonb(OLD) - 'answer' - 'answered_at' - 'answer_reason'
    THEN
        RAISE EXCEPTION 'handover %: it is answered once, and nothing else of it changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handover_stays BEFORE UPDATE ON complaints_handover
    FOR EACH ROW EXECUTE FUNCTION complaints_handover_stays();
CREATE TRIGGER never_changed BEFORE UPDATE ON complaints_escalation
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
"""
DROP = """
DROP FUNCTION complaints_handover_stays() CASCADE;
DROP TRIGGER never_changed ON complaints_escalation;
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_evidence_stays")]
    operations = [migrations.RunSQL(GUARDS, DROP)]

"""A file moves once, from a draft to a complaint; what is said of it (name, type, size, hash, who, when) never changes."""

from django.db import migrations

GUARD = """
CREATE FUNCTION complaints_evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.complaint_id IS NOT NULL OR NEW.complaint_id IS NULL
        OR to_jsonb(NEW) - 'complaint_id' - 'draft_id' IS DISTINCT FROM to_jsonb(OLD) - 'complaint_id' - 'draft_id'
    THEN
        RAISE EXCEPTION 'evidence %: it moves once, from a draft to a complaint, and nothing else of it changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_stays BEFORE UPDATE ON complaints_evidence
    FOR EACH ROW EXECUTE FUNCTION complaints_evidence_stays();
"""

DROP = "DROP FUNCTION complaints_evidence_stays() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("complaints", "0005_tell_of_reopening_too")]
    operations = [migrations.RunSQL(GUARD, DROP)]

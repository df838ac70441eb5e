"""A breach is never cleared, and a published calendar is never edited: the database refuses both."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION sla_breach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.breached_at IS NOT NULL AND NEW.breached_at IS DISTINCT FROM OLD.breached_at THEN
        RAISE EXCEPTION 'clock %: a breach is never cleared or moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stopped_at IS NOT NULL THEN
        RAISE EXCEPTION 'clock %: a stopped clock does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sla_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is published and never edited: publish a new version', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER breach_stays BEFORE UPDATE ON sla_clock FOR EACH ROW EXECUTE FUNCTION sla_breach_stays();
CREATE TRIGGER never_deleted BEFORE DELETE ON sla_clock FOR EACH ROW EXECUTE FUNCTION sla_published();
CREATE TRIGGER published BEFORE UPDATE OR DELETE ON sla_calendarversion
    FOR EACH ROW EXECUTE FUNCTION sla_published();
CREATE TRIGGER published BEFORE UPDATE OR DELETE ON sla_calendarday FOR EACH ROW EXECUTE FUNCTION sla_published();
"""

DROP = """
DROP FUNCTION sla_breach_stays() CASCADE;
DROP FUNCTION sla_published() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_calendars_policies_clocks")]
    operations = [migrations.RunSQL(GUARDS, DROP)]

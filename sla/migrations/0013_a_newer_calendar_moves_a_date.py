"""A running clock may move to a newer version of its own calendar, and its date with it: the one way a promise is moved."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION sla_breach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    units text[] := '{{owner_unit_id,registered_unit_id,about_unit_id}}';
    may_change text[] := units || '{{stopped_at,breached_at,detected_at}}'::text[];
BEGIN
    IF OLD.breached_at IS NOT NULL
        AND (NEW.breached_at, NEW.detected_at) IS DISTINCT FROM (OLD.breached_at, OLD.detected_at)
    THEN
        RAISE EXCEPTION 'clock %: a breach is never cleared or moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.stopped_at IS NOT NULL AND to_jsonb(NEW) - units IS DISTINCT FROM to_jsonb(OLD) - units THEN
        RAISE EXCEPTION 'clock %: a stopped clock does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
{moving}
    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'clock %: what was promised is never moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
MOVING = """
    IF NEW.calendar_version_id <> OLD.calendar_version_id
        AND OLD.stopped_at IS NULL AND NEW.stopped_at IS NULL AND OLD.breached_at IS NULL AND NEW.breached_at IS NULL
        AND EXISTS (
            SELECT FROM sla_calendarversion newer JOIN sla_calendarversion older USING (calendar_id)
            WHERE newer.id = NEW.calendar_version_id AND older.id = OLD.calendar_version_id AND newer.number > older.number
        )
    THEN
        may_change := may_change || '{calendar_version_id,due_at,due_on,provisional}'::text[];
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0012_recomputation")]
    operations = [migrations.RunSQL(GUARD.format(moving=MOVING), GUARD.format(moving=""))]

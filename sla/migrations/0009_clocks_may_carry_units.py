"""A clock has room for the units of its complaint; a clock that has stopped may still change in these three columns."""

from django.db import migrations, models
from django.db.models import PROTECT

UNITS = ("owner_unit", "registered_unit", "about_unit")
REFUSE = """
CREATE OR REPLACE FUNCTION sla_breach_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.breached_at IS NOT NULL
        AND (NEW.breached_at, NEW.detected_at) IS DISTINCT FROM (OLD.breached_at, OLD.detected_at)
    THEN
        RAISE EXCEPTION 'clock %: a breach is never cleared or moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
"""
PROMISED = """
    THEN
        RAISE EXCEPTION 'clock %: what was promised is never moved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
STOPPED = """
    THEN
        RAISE EXCEPTION 'clock %: a stopped clock does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
"""
NOW = f"""
{REFUSE}
    IF OLD.stopped_at IS NOT NULL
        AND to_jsonb(NEW) - '{{owner_unit_id,registered_unit_id,about_unit_id}}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{{owner_unit_id,registered_unit_id,about_unit_id}}'::text[]
    {STOPPED}
    IF to_jsonb(NEW) - '{{stopped_at,breached_at,detected_at,owner_unit_id,registered_unit_id,about_unit_id}}'::text[]
        IS DISTINCT FROM
        to_jsonb(OLD) - '{{stopped_at,breached_at,detected_at,owner_unit_id,registered_unit_id,about_unit_id}}'::text[]
    {PROMISED}
"""
BEFORE = f"""
{REFUSE}
    IF OLD.stopped_at IS NOT NULL
    {STOPPED}
    IF to_jsonb(NEW) - 'stopped_at' - 'breached_at' - 'detected_at'
        IS DISTINCT FROM to_jsonb(OLD) - 'stopped_at' - 'breached_at' - 'detected_at'
    {PROMISED}
"""


def carried():
    return models.ForeignKey("accounts.unit", PROTECT, related_name="+", db_index=False, db_constraint=False, null=True)


class Migration(migrations.Migration):
    dependencies = [("sla", "0008_histories_are_read_by_row")]
    operations = [
        *(migrations.AddField("clock", name, carried()) for name in UNITS),
        migrations.RunSQL(NOW, BEFORE),
    ]

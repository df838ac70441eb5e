"""A clock carries the units of its complaint: one foreign key holds them to it, and follows when it changes hands.

So a clock that has stopped may still change in these three columns, and in no other.
"""

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
FILL = """
UPDATE sla_clock SET owner_unit_id = c.owner_unit_id, registered_unit_id = c.registered_unit_id, about_unit_id = c.unit_id
FROM complaints_complaint c WHERE c.id = sla_clock.complaint_id;
"""
HOLD = """
ALTER TABLE sla_clock ADD CONSTRAINT clock_units_are_the_complaints
    FOREIGN KEY (complaint_id, owner_unit_id, registered_unit_id, about_unit_id)
    REFERENCES complaints_complaint (id, owner_unit_id, registered_unit_id, unit_id)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


def carried(null):
    return models.ForeignKey("accounts.unit", PROTECT, related_name="+", db_index=False, db_constraint=False, null=null)


class Migration(migrations.Migration):
    dependencies = [("sla", "0008_histories_are_read_by_row"), ("complaints", "0009_figures_read_scope_from_indexes")]
    operations = [
        *(migrations.AddField("clock", name, carried(null=True)) for name in UNITS),
        migrations.RunSQL(NOW, BEFORE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *(migrations.AlterField("clock", name, carried(null=False)) for name in UNITS),
        migrations.RunSQL(HOLD, "ALTER TABLE sla_clock DROP CONSTRAINT clock_units_are_the_complaints;"),
        migrations.AlterField(
            "clock",
            "complaint",
            models.ForeignKey("complaints.complaint", PROTECT, related_name="clocks", db_constraint=False),
        ),
        migrations.RemoveIndex("clock", "clock_due_on"),
        migrations.AddIndex(
            "clock",
            models.Index(
                name="clock_due_on",
                fields=["due_on", "owner_unit", "target"],
                include=["due_at", "stopped_at", "complaint", "registered_unit", "about_unit"],
            ),
        ),
    ]

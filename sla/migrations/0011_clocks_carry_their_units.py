"""A clock carries the units of its complaint: one foreign key holds them to it, and follows when it changes hands.

What is already there is checked without keeping anybody from writing. The version before writes clocks without units, so
web and workers of that version are stopped by now.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import PROTECT

UNITS = ("owner_unit", "registered_unit", "about_unit")
HOLD = """
ALTER TABLE sla_clock ADD CONSTRAINT clock_units_are_the_complaints
    FOREIGN KEY (complaint_id, owner_unit_id, registered_unit_id, about_unit_id)
    REFERENCES complaints_complaint (id, owner_unit_id, registered_unit_id, unit_id)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""
KNOWN = " AND ".join(f"{name}_id IS NOT NULL" for name in UNITS)
REQUIRE = [
    f"ALTER TABLE sla_clock ADD CONSTRAINT clock_units_known CHECK ({KNOWN}) NOT VALID;",
    "ALTER TABLE sla_clock VALIDATE CONSTRAINT clock_units_known;",
    f"ALTER TABLE sla_clock {', '.join(f'ALTER COLUMN {name}_id SET NOT NULL' for name in UNITS)};",
    "ALTER TABLE sla_clock DROP CONSTRAINT clock_units_known;",
]
ALLOW_NONE = f"ALTER TABLE sla_clock {', '.join(f'ALTER COLUMN {name}_id DROP NOT NULL' for name in UNITS)};"


def carried():
    return models.ForeignKey("accounts.unit", PROTECT, related_name="+", db_index=False, db_constraint=False)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("sla", "0010_fill_units_of_clocks"),
        ("complaints", "0009_figures_read_scope_from_indexes"),
    ]
    operations = [
        migrations.RunSQL(HOLD, "ALTER TABLE sla_clock DROP CONSTRAINT clock_units_are_the_complaints;"),
        migrations.RunSQL("ALTER TABLE sla_clock VALIDATE CONSTRAINT clock_units_are_the_complaints;", ""),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(REQUIRE, ALLOW_NONE)],
            [migrations.AlterField("clock", name, carried()) for name in UNITS],
        ),
        migrations.AlterField(
            "clock",
            "complaint",
            models.ForeignKey("complaints.complaint", PROTECT, related_name="clocks", db_constraint=False),
        ),
        AddIndexConcurrently(
            "clock",
            models.Index(
                name="clock_due_within",
                fields=["due_on", "owner_unit", "target"],
                include=["due_at", "stopped_at", "complaint", "registered_unit", "about_unit"],
            ),
        ),
        RemoveIndexConcurrently("clock", "clock_due_on"),
    ]

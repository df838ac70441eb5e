"""What scope asks for stands in the indexes that figures are counted from; and an index that clocks can point at.

Each is built beside the one whose place it takes. `complaint_worked_by` goes: the unique index says the same and more.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

SCOPE = ["owner_unit", "registered_unit", "unit"]
ABOUT = "staff_complained_about"
BUILD = (
    "CREATE UNIQUE INDEX CONCURRENTLY complaint_units"
    " ON complaints_complaint (id, owner_unit_id, registered_unit_id, unit_id)"
)
KEEP = "ALTER TABLE complaints_complaint ADD CONSTRAINT complaint_units UNIQUE USING INDEX complaint_units"
DROP = "ALTER TABLE complaints_complaint DROP CONSTRAINT complaint_units"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0008_histories_are_read_by_row")]
    operations = [
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_received_within",
                fields=["-received_at", "-id"],
                include=["channel", "cause", ABOUT, *SCOPE],
            ),
        ),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_open_within",
                fields=["owner_unit"],
                include=["due_at", "received_at", "severity", "offered_to", ABOUT, "id", *SCOPE[1:]],
                condition=~Q(status__in=["closed", "withdrawn"]),
            ),
        ),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_resolved_within",
                fields=["resolved_at"],
                include=[ABOUT, "id", *SCOPE],
                condition=Q(resolved_at__isnull=False),
            ),
        ),
        migrations.RunSQL(BUILD, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(KEEP, DROP)],
            [
                migrations.AddConstraint(
                    "complaint", models.UniqueConstraint(name="complaint_units", fields=["id", *SCOPE])
                )
            ],
        ),
        RemoveIndexConcurrently("complaint", "complaint_received"),
        RemoveIndexConcurrently("complaint", "complaint_open_worked"),
        RemoveIndexConcurrently("complaint", "complaint_resolved"),
        RemoveIndexConcurrently("complaint", "complaint_worked_by"),
    ]

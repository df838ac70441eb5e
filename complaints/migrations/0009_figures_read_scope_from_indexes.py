"""What scope asks for stands in the indexes that figures are counted from; and an index that clocks can point at."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

SCOPE = ["owner_unit", "registered_unit", "unit"]
ABOUT = "staff_complained_about"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0008_histories_are_read_by_row")]
    operations = [
        RemoveIndexConcurrently("complaint", "complaint_received"),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_received",
                fields=["-received_at", "-id"],
                include=["channel", "cause", ABOUT, *SCOPE],
            ),
        ),
        RemoveIndexConcurrently("complaint", "complaint_open_worked"),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_open_worked",
                fields=["owner_unit"],
                include=["due_at", "received_at", "severity", "offered_to", ABOUT, "id", *SCOPE[1:]],
                condition=~Q(status__in=["closed", "withdrawn"]),
            ),
        ),
        RemoveIndexConcurrently("complaint", "complaint_resolved"),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_resolved",
                fields=["resolved_at"],
                include=[ABOUT, "id", *SCOPE],
                condition=Q(resolved_at__isnull=False),
            ),
        ),
        migrations.AddConstraint("complaint", models.UniqueConstraint(name="complaint_units", fields=["id", *SCOPE])),
        RemoveIndexConcurrently("complaint", "complaint_worked_by"),
    ]

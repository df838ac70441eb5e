"""What the dashboard counts stands in indexes: what is open by unit, and what came and was resolved by day."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

ENDED = Q(status__in=["closed", "withdrawn"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0003_guards")]
    operations = [
        RemoveIndexConcurrently("complaint", "complaint_received"),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_received",
                fields=["-received_at", "-id"],
                include=["channel", "cause", "staff_complained_about"],
            ),
        ),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_open_worked",
                fields=["owner_unit"],
                include=["due_at", "received_at", "severity", "offered_to", "staff_complained_about"],
                condition=~ENDED,
            ),
        ),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_resolved",
                fields=["resolved_at"],
                include=["staff_complained_about"],
                condition=Q(resolved_at__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            "complaint", models.Index(name="complaint_worked_by", fields=["id"], include=["owner_unit"])
        ),
    ]

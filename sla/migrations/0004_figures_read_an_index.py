"""Attainment is counted from an index alone: the clocks of a span of days, with what tells whether each was kept."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("sla", "0003_house_rule")]
    operations = [
        AddIndexConcurrently(
            "clock",
            models.Index(
                name="clock_due_on", fields=["due_on", "target"], include=["due_at", "stopped_at", "complaint"]
            ),
        ),
        RemoveIndexConcurrently("clock", "clock_due_by_target"),
    ]

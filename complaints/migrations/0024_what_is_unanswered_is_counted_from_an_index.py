"""The index of what is open also holds what says whether a complaint was answered: counting reads no rows for it.

It is built beside the one whose place it takes.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

DATES = ["due_at", "received_at", "responded_at"]
SCOPE = ["offered_to", "staff_complained_about", "id", "registered_unit", "unit"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0023_steps_of_a_ladder")]
    operations = [
        AddIndexConcurrently(
            "complaint",
            models.Index(
                name="complaint_open_figures",
                fields=["owner_unit"],
                include=[*DATES, "status", "severity", *SCOPE],
                condition=~Q(status__in=["closed", "withdrawn"]),
            ),
        ),
        RemoveIndexConcurrently("complaint", "complaint_open_within"),
    ]

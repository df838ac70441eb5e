"""The index of what is open also holds what says whether a complaint was answered: counting reads no rows for it."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

IS_OPEN = models.Q(("status__in", ["closed", "withdrawn"]), _negated=True)
NOW = models.Index(
    condition=IS_OPEN,
    fields=["owner_unit"],
    include=(
        "due_at",
        "received_at",
        "responded_at",
        "status",
        "severity",
        "offered_to",
        "staff_complained_about",
        "id",
        "registered_unit",
        "unit",
    ),
    name="complaint_open_figures",
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0023_steps_of_a_ladder")]

    operations = [
        AddIndexConcurrently(model_name="complaint", index=NOW),
        RemoveIndexConcurrently(model_name="complaint", name="complaint_open_within"),
    ]

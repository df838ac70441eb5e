"""Complaints whose extension waits: few among all, found from an index of their own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0013_extensions")]
    operations = [
        AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("extension", ""), _negated=True), fields=["extension"], name="complaint_extension"
            ),
        ),
    ]

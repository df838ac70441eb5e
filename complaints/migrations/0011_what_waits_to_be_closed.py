"""What waits to be closed is counted from an index of its own."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0005_histories_are_read_by_row"),
        ("complaints", "0010_tell_of_recomputed_deadlines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("status", "resolved")),
                fields=["-received_at"],
                include=("staff_complained_about", "id", "owner_unit", "registered_unit", "unit"),
                name="complaint_waiting",
            ),
        ),
    ]

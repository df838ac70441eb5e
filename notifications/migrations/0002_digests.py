"""What was made up for after an outage is folded into one notice a person."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0023_steps_of_a_ladder"),
        ("notifications", "0001_notifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name="notification",
            name="notification_unread",
        ),
        migrations.AddField(
            model_name="notification",
            name="folded_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="folded",
                to="notifications.notification",
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="late",
            field=models.BooleanField(db_default=False, default=False),
        ),
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("folded_into", None), ("read_at", None)),
                fields=["recipient", "-id"],
                name="notification_unread",
            ),
        ),
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("folded_into", None), ("late", True), ("read_at", None)),
                fields=["recipient"],
                name="notification_late",
            ),
        ),
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("folded_into__isnull", False)), fields=["folded_into"], name="notification_folded"
            ),
        ),
    ]

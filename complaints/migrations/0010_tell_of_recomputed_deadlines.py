"""A new deed of the system: deadlines recomputed by a newer calendar; owners are told of it."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0009_figures_read_scope_from_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name="caseevent",
            name="event_to_tell",
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="verb",
            field=models.CharField(
                choices=[
                    ("register", "Register"),
                    ("respond", "Tell the customer"),
                    ("take", "Take over"),
                    ("hand_over", "Offer handover"),
                    ("accept", "Accept"),
                    ("decline", "Decline"),
                    ("recall", "Take the offer back"),
                    ("assign", "Assign"),
                    ("remind", "Remind the owner"),
                    ("note", "Internal note"),
                    ("attach", "Add evidence"),
                    ("investigate", "Record the findings"),
                    ("resolve", "Submit the outcome"),
                    ("close", "Close"),
                    ("reopen", "Reopen"),
                    ("withdraw", "Record a withdrawal"),
                    ("reveal", "Show in full"),
                    ("breach", "Record a breach"),
                    ("escalate", "Escalate"),
                    ("recompute", "Recompute deadlines"),
                ],
                max_length=16,
            ),
        ),
        AddIndexConcurrently(
            model_name="caseevent",
            index=models.Index(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "hand_over",
                            "accept",
                            "decline",
                            "recall",
                            "take",
                            "assign",
                            "remind",
                            "breach",
                            "escalate",
                            "recompute",
                            "reopen",
                            "withdraw",
                            "resolve",
                        ],
                    )
                ),
                fields=["at"],
                name="event_to_tell",
            ),
        ),
    ]

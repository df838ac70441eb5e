"""Warnings are a deed of the system; steps before a deadline count down to it, in negative numbers."""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0012_who_passed_it_on"),
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
                    ("warn", "Warn of a deadline"),
                    ("escalate", "Escalate"),
                    ("recompute", "Recompute deadlines"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="step",
            field=models.SmallIntegerField(default=1),
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
                            "warn",
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

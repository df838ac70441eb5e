"""Warnings are a deed of the system; steps before a deadline count down to it, in negative numbers.

The index of what is to be told covers warnings, and the deeds of extensions that it lacked.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0022_every_deed_is_known"),
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
                    ("promise", "Agree on a reply time"),
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
                    ("call_back", "Record a call-back"),
                    ("reopen", "Reopen"),
                    ("withdraw", "Record a withdrawal"),
                    ("reveal", "Show in full"),
                    ("ask_extension", "Ask for an extension"),
                    ("recall_extension", "Take the request for an extension back"),
                    ("approve_extension", "Approve the extension"),
                    ("decline_extension", "Decline the extension"),
                    ("extend", "Tell the customer and extend"),
                    ("breach", "Record a breach"),
                    ("warn", "Warn of a deadline"),
                    ("escalate", "Escalate"),
                    ("recompute", "Recompute deadlines"),
                    ("pause", "Pause the clocks"),
                    ("resume", "Let the clocks run again"),
                ],
                max_length=32,
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
                            "pause",
                            "resume",
                            "ask_extension",
                            "approve_extension",
                            "decline_extension",
                            "extend",
                        ],
                    )
                ),
                fields=["at"],
                name="event_to_tell",
            ),
        ),
    ]

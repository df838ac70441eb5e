"""Two new deeds, pause and resume; owners are told of them."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0018_deeds_and_units_known")]

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
                    ("pause", "Pause the clocks"),
                    ("resume", "Let the clocks run again"),
                ],
                max_length=32,
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
                            "pause",
                            "resume",
                        ],
                    )
                ),
                fields=["at"],
                name="event_to_tell",
            ),
        ),
    ]

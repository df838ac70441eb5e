"""The deeds that events may tell of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0021_pauses_stay"),
    ]

    operations = [
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
                    ("escalate", "Escalate"),
                    ("recompute", "Recompute deadlines"),
                    ("pause", "Pause the clocks"),
                    ("resume", "Let the clocks run again"),
                ],
                max_length=32,
            ),
        ),
    ]

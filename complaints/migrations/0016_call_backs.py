"""Call-backs after the outcome; and the deeds of calling back and of agreeing on a reply time."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0015_extensions_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                    ("breach", "Record a breach"),
                    ("escalate", "Escalate"),
                    ("recompute", "Recompute deadlines"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "satisfied"),
                            ("accepted", "accepts the outcome"),
                            ("not_satisfied", "not satisfied"),
                        ],
                        max_length=16,
                        verbose_name="the customer is",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="what they said")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="call_backs",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "verbose_name": "call-back",
                "verbose_name_plural": "call-backs",
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("recorded_at__gte", models.F("at"))), name="call_back_recorded_afterwards"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCallBack",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "satisfied"),
                            ("accepted", "accepts the outcome"),
                            ("not_satisfied", "not satisfied"),
                        ],
                        max_length=16,
                        verbose_name="the customer is",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="what they said")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("recorded_at", models.DateTimeField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical call-back",
                "verbose_name_plural": "historical call-backs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [models.Index(fields=["history_date", "id"], name="complaints__history_1a29d4_idx")],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]

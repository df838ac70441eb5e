"""Extensions, and the stage of the one that waits on a complaint; names of deeds may be longer."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_histories_are_read_by_row"),
        ("complaints", "0012_who_passed_it_on"),
        ("sla", "0020_supervisors_extend_so_far"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.PositiveIntegerField(verbose_name="new allowance")),
                ("amount_before", models.PositiveIntegerField(verbose_name="allowance before")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "hours"),
                            ("days", "days"),
                            ("working_hours", "working hours"),
                            ("working_days", "working days"),
                        ],
                        max_length=16,
                    ),
                ),
                ("due_at_before", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="new date")),
                ("due_on", models.DateField()),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("complex", "the facts are complex"),
                            ("systems", "records elsewhere must be checked"),
                            ("third_party", "a third party is waited for"),
                            ("customer", "the customer is waited for"),
                            ("negotiation", "a settlement is being negotiated"),
                            ("force_majeure", "force majeure"),
                            ("other", "another special reason"),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="why, and what will be done by then")),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("recalled", "taken back"),
                            ("lapsed", "lapsed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("in_force_at", models.DateTimeField(null=True)),
                ("lapsed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "extension",
                "verbose_name_plural": "extensions",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalExtension",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("amount", models.PositiveIntegerField(verbose_name="new allowance")),
                ("amount_before", models.PositiveIntegerField(verbose_name="allowance before")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "hours"),
                            ("days", "days"),
                            ("working_hours", "working hours"),
                            ("working_days", "working days"),
                        ],
                        max_length=16,
                    ),
                ),
                ("due_at_before", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="new date")),
                ("due_on", models.DateField()),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("complex", "the facts are complex"),
                            ("systems", "records elsewhere must be checked"),
                            ("third_party", "a third party is waited for"),
                            ("customer", "the customer is waited for"),
                            ("negotiation", "a settlement is being negotiated"),
                            ("force_majeure", "force majeure"),
                            ("other", "another special reason"),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="why, and what will be done by then")),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "approved"),
                            ("declined", "declined"),
                            ("recalled", "taken back"),
                            ("lapsed", "lapsed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer_reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("in_force_at", models.DateTimeField(null=True)),
                ("lapsed_at", models.DateTimeField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical extension",
                "verbose_name_plural": "historical extensions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="complaint",
            name="extension",
            field=models.CharField(
                blank=True,
                choices=[("asked", "asked for"), ("approved", "approved; the customer is to be told")],
                db_default="",
                default="",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="historicalcomplaint",
            name="extension",
            field=models.CharField(
                blank=True,
                choices=[("asked", "asked for"), ("approved", "approved; the customer is to be told")],
                db_default="",
                default="",
                max_length=16,
            ),
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
                    ("ask_extension", "Ask for an extension"),
                    ("recall_extension", "Take the request for an extension back"),
                    ("approve_extension", "Approve the extension"),
                    ("decline_extension", "Decline the extension"),
                    ("extend", "Tell the customer and extend"),
                    ("breach", "Record a breach"),
                    ("escalate", "Escalate"),
                    ("recompute", "Recompute deadlines"),
                ],
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="historicalmessage",
            name="purpose",
            field=models.CharField(
                choices=[("response", "answer"), ("outcome", "outcome"), ("extension", "notice of an extension")],
                default="response",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="purpose",
            field=models.CharField(
                choices=[("response", "answer"), ("outcome", "outcome"), ("extension", "notice of an extension")],
                default="response",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="answered_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="clock",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="sla.clock"
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="complaints.complaint"
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="message",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extension",
                to="complaints.message",
            ),
        ),
        migrations.AddField(
            model_name="historicalextension",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalextension",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalextension",
            name="clock",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="sla.clock",
            ),
        ),
        migrations.AddField(
            model_name="historicalextension",
            name="complaint",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="complaints.complaint",
            ),
        ),
        migrations.AddField(
            model_name="historicalextension",
            name="history_user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalextension",
            name="message",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="complaints.message",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("answer", ""),
                    models.Q(("answer", "approved"), ("in_force_at", None), ("lapsed_at", None)),
                    _connector="OR",
                ),
                fields=("complaint",),
                name="one_waiting_extension",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", models.F("amount_before"))), name="extension_is_longer"
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("due_at_before"))), name="extension_is_no_sooner"
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        models.Q(("answered_at", None), _negated=True),
                        models.Q(("answered_by", None), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="extension_answered_when_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer__in", ["approved", "declined"]), _negated=True),
                    models.Q(("answered_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="extension_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("in_force_at", None), ("message", None)),
                    models.Q(
                        ("answer", "approved"),
                        ("lapsed_at", None),
                        models.Q(("message", None), _negated=True),
                        models.Q(("in_force_at", None), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="extension_in_force_once_told",
            ),
        ),
        migrations.AddIndex(
            model_name="historicalextension",
            index=models.Index(fields=["history_date", "id"], name="complaints__history_217b5a_idx"),
        ),
    ]

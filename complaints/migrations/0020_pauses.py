"""Pauses of a case: why, until when, and when they ended."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0019_tell_of_pauses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalPause",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "waits_for",
                    models.CharField(
                        choices=[
                            ("customer", "material from the customer"),
                            ("appraisal", "an external appraisal or mediation"),
                            ("authority", "a court, the police or another authority"),
                        ],
                        max_length=16,
                        verbose_name="waiting for",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("paused_at", models.DateTimeField()),
                ("until_on", models.DateField(verbose_name="runs again on")),
                ("ended_at", models.DateTimeField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical pause",
                "verbose_name_plural": "historical pauses",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "waits_for",
                    models.CharField(
                        choices=[
                            ("customer", "material from the customer"),
                            ("appraisal", "an external appraisal or mediation"),
                            ("authority", "a court, the police or another authority"),
                        ],
                        max_length=16,
                        verbose_name="waiting for",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("paused_at", models.DateTimeField()),
                ("until_on", models.DateField(verbose_name="runs again on")),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "pause",
                "verbose_name_plural": "pauses",
                "ordering": ["-paused_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="historicalpause",
            name="by",
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
            model_name="historicalpause",
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
            model_name="historicalpause",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="complaints.evidence",
                verbose_name="evidence",
            ),
        ),
        migrations.AddField(
            model_name="historicalpause",
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
            model_name="pause",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="complaints.complaint"
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.evidence",
                verbose_name="evidence",
            ),
        ),
        migrations.AddIndex(
            model_name="historicalpause",
            index=models.Index(fields=["history_date", "id"], name="complaints__history_a09c37_idx"),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("paused_at")), _connector="OR"),
                name="pause_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(("waits_for__in", ["customer", "appraisal", "authority"])),
                name="pause_has_a_known_reason",
            ),
        ),
    ]

"""Policies: versions of a set of promises, matched to complaints, drafted by one person and approved by another."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_histories_are_read_by_row"),
        ("complaints", "0011_what_waits_to_be_closed"),
        ("sla", "0014_a_policy_becomes_a_term"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalPolicy",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(db_index=False, max_length=32, verbose_name="code")),
                ("number", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="intake channels",
                    ),
                ),
                (
                    "severities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="severities",
                    ),
                ),
                (
                    "units",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="units complained about",
                    ),
                ),
                (
                    "causes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="causes",
                    ),
                ),
                (
                    "products",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="products",
                    ),
                ),
                (
                    "referrers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="transferred by",
                    ),
                ),
                (
                    "only_violations",
                    models.BooleanField(default=False, verbose_name="only where a violation is alleged"),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="drafted")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("approved", "approved"), ("declined", "declined"), ("recalled", "taken back")],
                        max_length=16,
                        verbose_name="decision",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                (
                    "decision_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="reason for the decision"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical deadline policy",
                "verbose_name_plural": "historical deadline policies",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, verbose_name="code")),
                ("number", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source")),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="intake channels",
                    ),
                ),
                (
                    "severities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="severities",
                    ),
                ),
                (
                    "units",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="units complained about",
                    ),
                ),
                (
                    "causes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="causes",
                    ),
                ),
                (
                    "products",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="products",
                    ),
                ),
                (
                    "referrers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="transferred by",
                    ),
                ),
                (
                    "only_violations",
                    models.BooleanField(default=False, verbose_name="only where a violation is alleged"),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="drafted")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("approved", "approved"), ("declined", "declined"), ("recalled", "taken back")],
                        max_length=16,
                        verbose_name="decision",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                (
                    "decision_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="reason for the decision"),
                ),
            ],
            options={
                "verbose_name": "deadline policy",
                "verbose_name_plural": "deadline policies",
                "ordering": ["code", "-number"],
            },
        ),
        migrations.AlterModelOptions(
            name="historicalterm",
            options={
                "get_latest_by": ("history_date", "history_id"),
                "ordering": ("-history_date", "-history_id"),
                "verbose_name": "historical term of a policy",
                "verbose_name_plural": "historical terms of policies",
            },
        ),
        migrations.AlterModelOptions(
            name="term",
            options={
                "ordering": ["policy", "id"],
                "verbose_name": "term of a policy",
                "verbose_name_plural": "terms of policies",
            },
        ),
        migrations.RenameIndex(
            model_name="historicalterm",
            new_name="sla_histori_history_e72730_idx",
            old_name="sla_histori_history_e32068_idx",
        ),
        migrations.AddField(
            model_name="clock",
            name="original_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="original_due_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="pauses",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="extendable_to",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="extendable to"),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="is_statutory",
            field=models.BooleanField(default=False, verbose_name="statutory"),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="pausable_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="longest pause, in days"),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="reopening",
            field=models.CharField(
                choices=[
                    ("ends", "does not run again"),
                    ("restarts", "runs again from the start"),
                    ("continues", "goes on with what was left"),
                ],
                default="ends",
                max_length=16,
                verbose_name="when the case is reopened",
            ),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="starts",
            field=models.CharField(
                choices=[
                    ("received", "receipt of the complaint"),
                    ("registered", "registration"),
                    ("offered", "the offer of a handover"),
                    ("resolved", "telling the customer the outcome"),
                ],
                default="received",
                max_length=16,
                verbose_name="runs from",
            ),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="stops",
            field=models.CharField(
                choices=[
                    ("answered", "the customer was told that we have it"),
                    ("dispatched", "it was passed to those who will handle it"),
                    ("offer_answered", "the handover was accepted or declined"),
                    ("taken_up", "it was answered, accepted or investigated"),
                    ("informed", "the customer was told of progress"),
                    ("found", "the findings were recorded"),
                    ("resolved", "the customer was told the outcome"),
                    ("called_back", "the customer was called back"),
                ],
                default="resolved",
                max_length=16,
                verbose_name="stops when",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="term",
            name="extendable_to",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="extendable to"),
        ),
        migrations.AddField(
            model_name="term",
            name="is_statutory",
            field=models.BooleanField(default=False, verbose_name="statutory"),
        ),
        migrations.AddField(
            model_name="term",
            name="pausable_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="longest pause, in days"),
        ),
        migrations.AddField(
            model_name="term",
            name="reopening",
            field=models.CharField(
                choices=[
                    ("ends", "does not run again"),
                    ("restarts", "runs again from the start"),
                    ("continues", "goes on with what was left"),
                ],
                default="ends",
                max_length=16,
                verbose_name="when the case is reopened",
            ),
        ),
        migrations.AddField(
            model_name="term",
            name="starts",
            field=models.CharField(
                choices=[
                    ("received", "receipt of the complaint"),
                    ("registered", "registration"),
                    ("offered", "the offer of a handover"),
                    ("resolved", "telling the customer the outcome"),
                ],
                default="received",
                max_length=16,
                verbose_name="runs from",
            ),
        ),
        migrations.AddField(
            model_name="term",
            name="stops",
            field=models.CharField(
                choices=[
                    ("answered", "the customer was told that we have it"),
                    ("dispatched", "it was passed to those who will handle it"),
                    ("offer_answered", "the handover was accepted or declined"),
                    ("taken_up", "it was answered, accepted or investigated"),
                    ("informed", "the customer was told of progress"),
                    ("found", "the findings were recorded"),
                    ("resolved", "the customer was told the outcome"),
                    ("called_back", "the customer was called back"),
                ],
                default="resolved",
                max_length=16,
                verbose_name="stops when",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="clock",
            name="target",
            field=models.CharField(
                choices=[
                    ("response", "first response"),
                    ("resolution", "resolution"),
                    ("statutory_resolution", "statutory resolution"),
                    ("dispatch", "dispatch"),
                    ("handover_acceptance", "handover acceptance"),
                    ("progress", "progress report"),
                    ("call_back", "call-back"),
                    ("promise", "agreed reply"),
                    ("regulator_acceptance", "acceptance of a transfer"),
                    ("audit_report", "report to audit"),
                ],
                max_length=32,
            ),
        ),
        migrations.AlterField(
            model_name="historicalterm",
            name="target",
            field=models.CharField(
                choices=[
                    ("response", "first response"),
                    ("resolution", "resolution"),
                    ("statutory_resolution", "statutory resolution"),
                    ("dispatch", "dispatch"),
                    ("handover_acceptance", "handover acceptance"),
                    ("progress", "progress report"),
                    ("call_back", "call-back"),
                    ("promise", "agreed reply"),
                    ("regulator_acceptance", "acceptance of a transfer"),
                    ("audit_report", "report to audit"),
                ],
                max_length=32,
                verbose_name="target",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sla.calendar",
                verbose_name="working calendar",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="target",
            field=models.CharField(
                choices=[
                    ("response", "first response"),
                    ("resolution", "resolution"),
                    ("statutory_resolution", "statutory resolution"),
                    ("dispatch", "dispatch"),
                    ("handover_acceptance", "handover acceptance"),
                    ("progress", "progress report"),
                    ("call_back", "call-back"),
                    ("promise", "agreed reply"),
                    ("regulator_acceptance", "acceptance of a transfer"),
                    ("audit_report", "report to audit"),
                ],
                max_length=32,
                verbose_name="target",
            ),
        ),
        AddConstraintNotValid(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("original_due_at", None), ("original_due_on", None)),
                    ("due_at__gte", models.F("original_due_at")),
                    _connector="OR",
                ),
                name="clock_extended_beyond_its_original",
            ),
        ),
        migrations.AddField(
            model_name="historicalpolicy",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="historicalpolicy",
            name="drafted_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="drafted by",
            ),
        ),
        migrations.AddField(
            model_name="historicalpolicy",
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
            model_name="policy",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="drafted_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="drafted by",
            ),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="policy",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="sla.policy",
                verbose_name="deadline policy",
            ),
        ),
        migrations.AddField(
            model_name="term",
            name="policy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="terms",
                to="sla.policy",
                verbose_name="deadline policy",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(fields=("policy", "target"), name="one_term_per_policy_and_target"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="term_allows_some_time"),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("extendable_to", None), ("extendable_to__gt", models.F("amount")), _connector="OR"),
                name="term_extends_beyond_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_statutory", False), ("pausable_days", None), _connector="OR"),
                name="statutory_term_is_not_paused",
            ),
        ),
        migrations.AddIndex(
            model_name="historicalpolicy",
            index=models.Index(fields=["history_date", "id"], name="sla_histori_history_e32068_idx"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(fields=("code", "number"), name="one_number_per_policy_version"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", ""), ("drafted_by__isnull", False)),
                fields=("code",),
                name="one_draft_per_policy",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"),
                name="policy_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("decision", "")),
                    models.Q(models.Q(("decision", ""), _negated=True), models.Q(("decided_at", None), _negated=True)),
                    _connector="OR",
                ),
                name="policy_decided_when_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "approved"), _negated=True),
                    models.Q(("decided_by", None), ("drafted_by", None)),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("drafted_by__isnull", False),
                        models.Q(("decided_by", models.F("drafted_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="policy_approved_by_another",
            ),
        ),
    ]

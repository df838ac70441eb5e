"""Allowances in minutes, and until a time of the last day; terms that are owed again and again; agreed replies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0024_units_choose_a_calendar"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="term",
            name="term_allows_some_time",
        ),
        migrations.AddField(
            model_name="clock",
            name="by_time",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="by_time",
            field=models.TimeField(blank=True, null=True, verbose_name="by the time of day"),
        ),
        migrations.AddField(
            model_name="historicalterm",
            name="repeats",
            field=models.BooleanField(db_default=False, default=False, verbose_name="owed again and again"),
        ),
        migrations.AddField(
            model_name="term",
            name="by_time",
            field=models.TimeField(blank=True, null=True, verbose_name="by the time of day"),
        ),
        migrations.AddField(
            model_name="term",
            name="repeats",
            field=models.BooleanField(db_default=False, default=False, verbose_name="owed again and again"),
        ),
        migrations.AlterField(
            model_name="clock",
            name="unit",
            field=models.CharField(
                choices=[
                    ("minutes", "minutes"),
                    ("hours", "hours"),
                    ("days", "days"),
                    ("working_hours", "working hours"),
                    ("working_days", "working days"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="historicalterm",
            name="starts",
            field=models.CharField(
                choices=[
                    ("received", "receipt of the complaint"),
                    ("registered", "registration"),
                    ("offered", "the offer of a handover"),
                    ("resolved", "telling the customer the outcome"),
                    ("agreed", "an agreement with the customer"),
                ],
                default="received",
                max_length=16,
                verbose_name="runs from",
            ),
        ),
        migrations.AlterField(
            model_name="historicalterm",
            name="unit",
            field=models.CharField(
                choices=[
                    ("minutes", "minutes"),
                    ("hours", "hours"),
                    ("days", "days"),
                    ("working_hours", "working hours"),
                    ("working_days", "working days"),
                ],
                max_length=16,
                verbose_name="unit",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="starts",
            field=models.CharField(
                choices=[
                    ("received", "receipt of the complaint"),
                    ("registered", "registration"),
                    ("offered", "the offer of a handover"),
                    ("resolved", "telling the customer the outcome"),
                    ("agreed", "an agreement with the customer"),
                ],
                default="received",
                max_length=16,
                verbose_name="runs from",
            ),
        ),
        migrations.AlterField(
            model_name="term",
            name="unit",
            field=models.CharField(
                choices=[
                    ("minutes", "minutes"),
                    ("hours", "hours"),
                    ("days", "days"),
                    ("working_hours", "working hours"),
                    ("working_days", "working days"),
                ],
                max_length=16,
                verbose_name="unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("by_time", None)),
                    models.Q(("by_time__isnull", False), ("unit__in", ["days", "working_days"])),
                    _connector="OR",
                ),
                name="term_allows_some_time",
            ),
        ),
    ]

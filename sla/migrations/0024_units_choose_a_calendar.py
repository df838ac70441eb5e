"""A unit goes by a calendar of its own choice, or by that of a unit above it; a choice is changed and never deleted."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

HELD = """
CREATE TRIGGER never_deleted BEFORE DELETE ON sla_unitcalendar FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON sla_unitcalendar FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sla_historicalunitcalendar
    FOR EACH ROW EXECUTE FUNCTION shouwen_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON sla_historicalunitcalendar
    FOR EACH STATEMENT EXECUTE FUNCTION shouwen_append_only();
"""
FREE = """
DROP TRIGGER never_deleted ON sla_unitcalendar;
DROP TRIGGER never_emptied ON sla_unitcalendar;
DROP TRIGGER append_only ON sla_historicalunitcalendar;
DROP TRIGGER never_emptied ON sla_historicalunitcalendar;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_histories_are_read_by_row"),
        ("sla", "0023_trading_days_and_saturdays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitCalendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="chosen")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chosen by",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.calendar",
                        verbose_name="working calendar",
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar of a unit",
                "verbose_name_plural": "calendars of units",
                "ordering": ["unit__path"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalUnitCalendar",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="chosen")),
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
                        verbose_name="chosen by",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sla.calendar",
                        verbose_name="working calendar",
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
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical calendar of a unit",
                "verbose_name_plural": "historical calendars of units",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [models.Index(fields=["history_date", "id"], name="sla_histori_history_43f74a_idx")],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunSQL(HELD, FREE),
    ]

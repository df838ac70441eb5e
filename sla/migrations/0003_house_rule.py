"""The national working calendar for 2024 to 2026, and the house rule: 24 hours to respond, 15 working days to resolve."""

from datetime import date

from django.db import migrations

from sla.holiday_source import days_of

YEARS = (2024, 2025, 2026)


def seed(apps, schema_editor):
    calendar = apps.get_model("sla", "Calendar").objects.create(code="cn", name="全国工作日历", zone="Asia/Shanghai")
    version = apps.get_model("sla", "CalendarVersion").objects.create(
        calendar=calendar, number=1, source="国务院办公厅 2024、2025、2026 年放假安排", years=list(YEARS)
    )
    day_model = apps.get_model("sla", "CalendarDay")
    day_model.objects.bulk_create(
        day_model(version=version, date=day, works=works, name=name)
        for year in YEARS
        for day, works, name in days_of(year)
    )
    policies = apps.get_model("sla", "Policy").objects
    first_day = date(2020, 1, 1)
    policies.create(
        name="首次响应时限", target="response", amount=24, unit="hours", calendar=calendar, from_on=first_day
    )
    policies.create(
        name="投诉办结时限", target="resolution", amount=15, unit="working_days", calendar=calendar, from_on=first_day
    )


def unseed(apps, schema_editor):
    apps.get_model("sla", "Policy").objects.all().delete()
    schema_editor.execute("ALTER TABLE sla_calendarday DISABLE TRIGGER USER")
    schema_editor.execute("ALTER TABLE sla_calendarversion DISABLE TRIGGER USER")
    for model in ("CalendarDay", "CalendarVersion", "Calendar"):
        apps.get_model("sla", model).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_guards")]
    operations = [migrations.RunPython(seed, unseed)]

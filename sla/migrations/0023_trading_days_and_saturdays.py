"""Two calendars beside the national one: the days on which the exchanges trade, and outlets that open on Saturdays.

Both have the holidays of the national calendar as it stands. An exchange does not trade on make-up days; on the eve of the
Spring Festival of 2024 it was closed by its own notice although that was a working day. The notice of 2024 gave Monday 10 June
off "with the weekend": the Saturday before is an ordinary one, on which such an outlet opens. A code that is taken is left alone.
"""

from datetime import date

from django.db import migrations

TRADING = "cn-trading"
SATURDAY = "cn-saturday"
CLOSED = {date(2024, 2, 9): "除夕休市"}  # 上海、深圳、北京证券交易所 2023-12-26
ORDINARY = {date(2024, 6, 8), date(2024, 6, 9)}
SOURCES = {
    TRADING: "{source}；上海、深圳、北京证券交易所 2024 年部分节假日休市安排（2023-12-26）；周末调休上班日不交易",
    SATURDAY: "{source}；周六照常营业的网点",
}


def ship(apps, schema_editor):
    calendar_model, version_model = apps.get_model("sla", "Calendar"), apps.get_model("sla", "CalendarVersion")
    national = version_model.objects.filter(calendar__code="cn").order_by("-number").first()
    if national is None:
        return
    days = [(day.date, day.works, day.name) for day in national.days.all()]
    holidays = [(day, works, name) for day, works, name in days if not works]
    closed = [(day, False, name) for day, name in CLOSED.items() if day not in {known for known, _, _ in days}]
    for code, name, weekdays, make_ups, own in (
        (TRADING, "证券交易日历", [1, 2, 3, 4, 5], False, holidays + closed),
        (SATURDAY, "周六营业网点日历", [1, 2, 3, 4, 5, 6], True, [row for row in days if row[0] not in ORDINARY]),
    ):
        if calendar_model.objects.filter(code=code).exists():
            continue
        version = version_model.objects.create(
            calendar=calendar_model.objects.create(code=code, name=name, zone="Asia/Shanghai"),
            number=1,
            source=SOURCES[code].format(source=national.source)[:300],
            by=national.by,
            years=national.years,
            hours=national.hours,
            weekdays=weekdays,
            make_ups=make_ups,
        )
        day_model = apps.get_model("sla", "CalendarDay")
        day_model.objects.bulk_create(
            day_model(version=version, date=day, works=works, name=name) for day, works, name in sorted(own)
        )


def unship(apps, schema_editor):
    """Raises IntegrityError where clocks or policies use one of them."""
    for table in ("sla_calendarday", "sla_calendarversion"):
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    calendars = apps.get_model("sla", "Calendar").objects.filter(code__in=[TRADING, SATURDAY])
    versions = apps.get_model("sla", "CalendarVersion").objects.filter(calendar__in=calendars)
    apps.get_model("sla", "CalendarDay").objects.filter(version__in=versions).delete()
    apps.get_model("sla", "Recomputation").objects.filter(version__in=versions).delete()
    versions.delete()
    calendars.delete()
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("sla_calendarday", "sla_calendarversion"):
        schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [("sla", "0022_opening_hours_and_weekdays")]
    operations = [migrations.RunPython(ship, unship)]

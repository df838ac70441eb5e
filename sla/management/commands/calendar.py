"""`manage.py calendar`: the working calendars; list them, import a year's notice, or seed a year from a package."""

import json
from dataclasses import replace
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from sla import sentences
from sla.calendar import DayRule, Unreckonable, read_hours, read_weekdays
from sla.holiday_source import NotAnnounced, days_of
from sla.models import Calendar, CalendarVersion
from sla.publication import Publication, Week, YearEmptied, publish, week_of
from sla.rows import Unreadable, read_notice_file

SHOWN = 20  # faults of a file that are listed; the rest are counted


class Command(BaseCommand):
    """Parse, publish, answer."""

    help = "Lists the working calendars, or publishes the next version of one. Versions are never edited."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every calendar with its versions, the newest first")
        importing = actions.add_parser("import", help="CSV date,works,name,source: all the days of the years it names")
        importing.add_argument("file", metavar="FILE", type=Path)
        importing.add_argument("--hours", help="new opening hours: 09:00-12:00,13:30-17:30; else they stay")
        importing.add_argument("--weekdays", help="the weekdays that work, 1 for Monday: 1-6; else they stay")
        seeding = actions.add_parser("seed", help="a year the State Council has announced, from the holidays package")
        seeding.add_argument("year", metavar="YEAR", type=int)
        for action in (importing, seeding):
            action.add_argument("--calendar", metavar="CODE", default="cn")
        for action in actions.choices.values():
            action.add_argument("--json", action="store_true", help="one JSON object on one line")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Raises CommandError, and changes nothing, if the notice cannot be published."""
        if action == "list":
            self._list(as_json=options["json"])
            return
        publication = _import(**options) if action == "import" else _seed(**options)
        self._report(publication, as_json=options["json"])

    def _list(self, *, as_json: bool) -> None:
        calendars = [
            _calendar_as_dict(one) for one in Calendar.objects.prefetch_related("versions__days").order_by("code")
        ]
        if as_json:
            self.stdout.write(json.dumps({"calendars": calendars}, ensure_ascii=False))
            return
        for calendar in calendars:
            self.stdout.write(f"{calendar['code']}  {calendar['name']}  {calendar['zone']}")
            for version in calendar["versions"]:
                years = ", ".join(str(year) for year in version["years"])
                week = sentences.weekdays(version["weekdays"])
                values = {"number": version["version"], "off": version["days_off"], "make_up": version["make_up_days"]}
                self.stdout.write(
                    "  "
                    + _("version %(number)s: %(off)s days off, %(make_up)s make-up days") % values
                    + f"  {week} {version['hours']}  [{years}]  {version['source']}"
                )

    def _report(self, publication: Publication, *, as_json: bool) -> None:
        version = publication.version
        counts = {name: len(getattr(publication, name)) for name in ("added", "changed", "removed")}
        if as_json:
            code = version.calendar.code
            answer = {"calendar": code, "version": version.number, "new": publication.is_new, "years": version.years}
            self.stdout.write(json.dumps(answer | counts, ensure_ascii=False))
        elif publication.is_new:
            values = {"number": version.number, "calendar": version.calendar} | counts
            text = _(
                "Published version %(number)s of %(calendar)s: %(added)s days added, %(changed)s changed, %(removed)s removed."
            )
            self.stdout.write(text % values)
        else:
            self.stdout.write(_("Nothing changed: version %(number)s says the same.") % {"number": version.number})


def _import(file: Path, calendar: str, hours: str | None, weekdays: str | None, **_options: Any) -> Publication:
    """Publish what a file says."""
    try:
        week = _week(calendar, hours, weekdays)
    except Unreckonable as error:
        raise CommandError(sentences.refusal(error)) from error
    try:
        notice, source = read_notice_file(file.read_bytes())
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read: %(error)s") % {"file": file, "error": error.strerror}) from error
    except Unreadable as error:
        faults = error.faults[:SHOWN]
        if len(error.faults) > SHOWN:
            faults.append(_("And %(count)s more.") % {"count": len(error.faults) - SHOWN})
        raise CommandError("\n".join([_("%(file)s was not imported.") % {"file": file}, *faults])) from error
    return _publish(calendar, notice, source, week)


def _week(calendar: str, hours: str | None, weekdays: str | None) -> Week | None:
    """The week of the version in force with what is new; None when nothing is."""
    latest = CalendarVersion.objects.filter(calendar__code=calendar).order_by("-number").first()
    if latest is None or (hours is None and weekdays is None):
        return None
    week = week_of(latest)
    if hours is not None:
        week = replace(week, hours=read_hours(hours))
    return week if weekdays is None else replace(week, weekdays=read_weekdays(weekdays))


def _seed(year: int, calendar: str, **_options: Any) -> Publication:
    """Publish what the holidays package knows of a year; never over days that somebody has announced otherwise."""
    package = f"holidays {version_of('holidays')}"
    try:
        notice = {day: DayRule(works, name) for day, works, name in days_of(year)}
    except NotAnnounced as error:
        text = _(
            "%(package)s has no State Council notice for %(year)s: it gives only statutory holidays and no make-up days, "
            "which would move deadlines. Once the notice is published, use `calendar import FILE`."
        )
        raise CommandError(text % {"package": package, "year": year}) from error
    known = CalendarVersion.objects.filter(calendar__code=calendar).order_by("-number").first()
    if known and not known.make_ups:
        notice = {day: rule for day, rule in notice.items() if not rule.works}
    if known and year in known.years:
        present = {day.date: DayRule(day.works, day.name) for day in known.days.all() if day.date.year == year}
        if present != notice:
            text = _("%(year)s is announced already, with other days than %(package)s has: use `calendar import FILE`.")
            raise CommandError(text % {"year": year, "package": package})
    return _publish(calendar, notice, f"国务院办公厅 {year} 年放假安排（{package}）")


def _publish(code: str, notice: dict[Any, DayRule], source: str, week: Week | None = None) -> Publication:
    """Publish, and word the refusals."""
    try:
        return publish(code, notice, source=source, actor=User.objects.system(), week=week)
    except Calendar.DoesNotExist as error:
        raise CommandError(_("There is no calendar “%(code)s”.") % {"code": code}) from error
    except YearEmptied as error:
        text = _(
            "%(year)s is announced already, and the file would leave it without a day off on a working weekday. "
            "A file holds all the days of every year it names."
        )
        raise CommandError(text % {"year": error.year}) from error


def _calendar_as_dict(calendar: Calendar) -> dict[str, Any]:
    """Give a calendar and its versions, the newest first, as JSON shows them."""
    return {
        "code": calendar.code,
        "name": calendar.name,
        "zone": calendar.zone,
        "versions": [
            {
                "version": version.number,
                "years": version.years,
                "source": version.source,
                "published_at": version.published_at.isoformat(),
                "days_off": sum(not day.works for day in version.days.all()),
                "make_up_days": sum(
                    day.works and day.date.isoweekday() not in version.weekdays for day in version.days.all()
                ),
                "hours": version.hours,
                "weekdays": version.weekdays,
                "make_ups": version.make_ups,
            }
            for version in calendar.versions.all()
        ],
    }

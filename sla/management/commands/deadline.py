"""`manage.py deadline`: the working-time engine from outside, for one question or for a stream of them."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla import sentences
from sla.calendar import Allowance, Deadline, Unit, Unreckonable, WorkingCalendar, deadline
from sla.models import CalendarVersion

HELP = """Says when an allowance runs out, and why on that day.

  deadline 2026-02-10T10:00:00+08:00 15 working_days
  deadline - < requests     one request a line, with its calendar as a fourth word if need be;
                            answers one JSON object a line, and exits 1 if any line was refused
"""


class Refused(ValueError):
    """A request that cannot be answered; the message says what to write instead."""


class Command(BaseCommand):
    """Parse, reckon, answer."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the lines of the help as they are written."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("received", metavar="RECEIVED", help="ISO 8601 with an offset, or - for standard input")
        parser.add_argument("amount", metavar="AMOUNT", nargs="?")
        parser.add_argument("unit", metavar="UNIT", nargs="?", help=", ".join(Unit))
        parser.add_argument("--calendar", metavar="CODE", default="cn")
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, not a table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, and so exits 1, if the request or any line of the stream is refused."""
        if options["received"] == "-":
            if options["amount"] is not None:
                raise CommandError(_("With - the requests come from standard input, one a line."))
            self._answer_stream(options["calendar"])
            return
        words = [options[name] for name in ("received", "amount", "unit")]
        try:
            answer, limit, calendar = _reckon([word for word in words if word is not None], options["calendar"], {})
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(_as_json(answer, calendar))
        else:
            for line in _as_table(answer, limit, calendar):
                self.stdout.write(line)

    def _answer_stream(self, code: str) -> None:
        """Answer every line of standard input with one line, at once, so that a program can ask and wait in turns."""
        known: dict[str, WorkingCalendar] = {}
        refused = 0
        for number, raw in enumerate(sys.stdin.buffer, start=1):
            words = raw.decode(errors="replace").split()
            if not words:
                continue
            try:
                answer, _limit, calendar = _reckon(words, code, known)
                self.stdout.write(_as_json(answer, calendar))
            except Refused as refusal:
                refused += 1
                self.stdout.write(json.dumps({"error": str(refusal), "line": number}, ensure_ascii=False))
            self.stdout.flush()
        if refused:
            text = ngettext("%(count)s request was refused.", "%(count)s requests were refused.", refused)
            raise CommandError(text % {"count": refused})


def _reckon(
    words: list[str], code: str, known: dict[str, WorkingCalendar]
) -> tuple[Deadline, Allowance, WorkingCalendar]:
    """Answer one request, given as the words RECEIVED AMOUNT UNIT and perhaps a calendar's code."""
    if len(words) not in (3, 4):
        raise Refused(_("A request is: RECEIVED AMOUNT UNIT, and if need be the code of a calendar."))
    received, amount, unit, *other = words
    try:
        limit = Allowance(_amount(amount), _unit(unit))
        calendar = _calendar(other[0] if other else code, known)
        return deadline(_moment(received), limit, calendar), limit, calendar
    except Unreckonable as error:
        raise Refused(sentences.refusal(error)) from error


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        message = _("“%(text)s” is not a time: write it as 2026-02-10T10:00:00+08:00.") % {"text": text[:40]}
        raise Refused(message) from error


def _amount(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # 0 is refused as an amount


def _unit(text: str) -> Unit:
    if text not in set(Unit):
        raise Refused(_("A unit is one of: %(units)s.") % {"units": ", ".join(Unit)})
    return Unit(text)


def _calendar(code: str, known: dict[str, WorkingCalendar]) -> WorkingCalendar:
    """Read the version in force, once: one run answers with one version."""
    if code in known:
        return known[code]
    try:
        known[code] = CalendarVersion.objects.latest_for(code).value()
    except CalendarVersion.DoesNotExist as error:
        raise Refused(_("There is no calendar “%(code)s”.") % {"code": code[:40]}) from error
    return known[code]


def _as_json(answer: Deadline, calendar: WorkingCalendar) -> str:
    """Write the answer as contract 4 promises it, on one line, its times on the calendar's clocks."""
    days = [{"date": f"{day.date}", "counts": day.counts, "why": sentences.reason(day)} for day in answer.days]
    return json.dumps(
        {
            "due_at": calendar.local(answer.due_at).isoformat(),
            "due_on": f"{answer.due_on}",
            "provisional": answer.provisional,
            "calendar": answer.calendar,
            "calendar_version": answer.calendar_version,
            "days": days,
        },
        ensure_ascii=False,
    )


def _as_table(answer: Deadline, limit: Allowance, calendar: WorkingCalendar) -> Iterator[str]:
    """Write the proof for people: one line a day, its number among those counted, and why."""
    for day in answer.days:
        number = "·" if not day.counts else sentences.given(day) or str(day.ordinal or "+")
        yield f"{day.date}  {WEEKDAYS_ABBR[day.date.weekday()]}  {number:>5}  {sentences.reason(day)}"
    yield ""
    due_at = calendar.local(answer.due_at)
    values = {"limit": sentences.allowance(limit), "day": answer.due_on, "instant": due_at.isoformat(" ")}
    yield _("%(limit)s: due on %(day)s, until %(instant)s.") % values
    yield _("Calendar %(code)s, version %(number)s.") % {"code": answer.calendar, "number": answer.calendar_version}
    if limit.unit is Unit.WORKING_HOURS:
        values = {"days": sentences.weekdays(calendar.weekdays), "hours": sentences.hours(calendar.hours)}
        yield _("Open %(days)s, %(hours)s.") % values
    if answer.provisional:
        yield _("Provisional: the days off of a year in it are not announced yet.")

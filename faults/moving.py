"""The second run: a calendar is published that moves every open deadline, and programs are killed while they move them."""

import time
import uuid
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from complaints.models import Complaint
from complaints.states import Verb
from complaints.tasks import recomputations
from config.demo.book import Book
from config.demo.case import Case
from config.demo.lives import Lives
from config.demo.script import Script, Step
from config.demo.tables import Ids, Lines
from faults import judging
from faults.judging import Verdict, counted, judged
from faults.report import Moved
from faults.stage import Stage, say
from faults.watching import asked
from sla.calendar import Allowance, DayRule, Unit, WorkingCalendar, deadline, due
from sla.models import CalendarVersion, Clock
from sla.publication import publish

CALENDAR = "cn"
BATCH = 5_000
LIMIT = Allowance(15, Unit.WORKING_DAYS)
ROWS = """
SELECT id, due_at, due_on, provisional, calendar_version_id, stopped_at, breached_at FROM sla_clock
"""
EVENTS = """
SELECT (told ->> 'clock')::bigint, (told ->> 'from')::timestamptz, (told ->> 'due_at')::timestamptz
FROM complaints_caseevent, jsonb_array_elements(facts -> 'clocks') told WHERE verb = 'recompute'
"""
PROGRESS = "SELECT moved, kept, total, finished_at IS NOT NULL FROM sla_recomputation WHERE version_id = {}"


@dataclass
class Before:
    """Every clock before the calendar was published: those that it must reckon again, and the rest, row by row."""

    running: list[Clock]
    others: Counter[Hashable]


def run(stage: Stage, open_: int) -> Moved:
    """Move `open_` deadlines by a holiday that nobody knew of; a tenth as many keep theirs, and some have ended."""
    say(f"writing {open_:,} deadlines to move")
    holiday = _written(open_, Random(stage.seed))
    before = _before()
    stage.start()
    stage.trigger()
    say(f"publishing {holiday:%Y-%m-%d} as a holiday, and injecting")
    result = Moved(len(before.running), Complaint.objects.open().count(), len(stage.workers), stage.seed)
    began = time.monotonic()
    version = _published(holiday)
    result.publish_seconds = time.monotonic() - began

    def progress() -> int:
        ((moved, kept, total, is_finished),) = asked(PROGRESS.format(version.pk))
        result.moved, result.kept_dates, result.total, result.is_finished = moved, kept, total, is_finished
        if not result.progress or result.progress[-1][1] != moved + kept:
            result.progress.append((round(time.monotonic() - began, 2), moved + kept))
        return int(moved + kept)

    stage.run(result, [clock.pk for clock in before.running], (recomputations,), progress)
    progress()
    say("judging")
    stage.end(result)
    result.verdicts, result.broken = verdicts(before, version), judging.broken_rows()
    return result


def verdicts(before: Before, version: CalendarVersion) -> list[Verdict]:
    """The database against what the day-by-day proof says of every clock by the new version."""
    value = version.value()
    answers = {clock.pk: deadline(clock.started_at, clock.allowance, value) for clock in before.running}
    rows = {(key, new.due_at, new.due_on, new.provisional, version.pk, None, None) for key, new in answers.items()}
    found, others = Counter[Hashable](), Counter[Hashable]()
    for row, times in counted(ROWS).items():
        (found if row[0] in answers else others)[row] += times
    told = {
        (clock.pk, clock.due_at, answers[clock.pk].due_at)
        for clock in before.running
        if (clock.due_at, clock.provisional) != (answers[clock.pk].due_at, answers[clock.pk].provisional)
    }
    return [
        judged("dates by the new version", rows, found),
        judged("recompute events, with both dates", told, counted(EVENTS)),
        judged("all other clocks, as they were", before.others, others),
        judging.notices(),
    ]


def _before() -> Before:
    """Read before the calendar is published; a clock must be reckoned again when `publish` counts it."""
    running = list(Clock.objects.in_working_time(timezone.now()).of(_latest().calendar))
    others = counted(ROWS)
    keys = {clock.pk for clock in running}
    return Before(running, Counter({row: times for row, times in others.items() if row[0] not in keys}))


def _published(holiday: date) -> CalendarVersion:
    """The newest version with one more day off."""
    latest = _latest()
    notice = {day.date: DayRule(day.works, day.name) for day in latest.days.all() if day.date.year == holiday.year}
    notice |= {holiday: DayRule(False, "临时放假")}
    return publish(CALENDAR, notice, source="故障测试", actor=User.objects.system()).version


def _latest() -> CalendarVersion:
    return CalendarVersion.objects.latest_for(CALENDAR)


def _written(count: int, random: Random) -> date:
    """Write cases until `count` deadlines lie behind a holiday to come, and some that nothing may move; return the holiday.

    A tenth as many fall due before it, and a hundredth as many cases have ended.
    """
    now, calendar = timezone.now(), _latest().value()
    soon = _received_to_fall_due_soon(now, calendar)
    holiday = calendar.working_day_after(due(soon, LIMIT, calendar)[1], 1)
    lives, writer = Lives(Book(), random, now), _Writer(now)
    there = Clock.objects.in_working_time(now).filter(due_on__gte=holiday).count()
    for _ in range(count - there):
        script, _theme = lives.script(now - timedelta(hours=1), ends=False, rare=False)
        script.received_at, script.late_entry_reason, script.steps = now - timedelta(hours=2), "", []
        writer.write(script)
    for _ in range(count // 10):
        script, _theme = lives.script(soon + timedelta(minutes=10), ends=False, rare=False)
        said = {"means": "phone", "body": "已说明办理流程和期限。"}
        script.received_at, script.late_entry_reason = soon, ""
        script.steps = [Step(Verb.RESPOND, script.by, soon + timedelta(hours=1), said)]
        writer.write(script)
    for _ in range(count // 100):
        writer.write(lives.script(now - timedelta(days=30), ends=True, rare=False)[0])
    writer.copy()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) sla_clock, complaints_complaint, complaints_caseevent")
    return holiday


def _received_to_fall_due_soon(now: datetime, calendar: WorkingCalendar) -> datetime:
    """The earliest time of receipt whose deadline is still at least a day away."""
    ago = max(
        days for days in range(1, 40) if due(now - timedelta(days=days), LIMIT, calendar)[0] > now + timedelta(days=1)
    )
    return now - timedelta(days=ago)


class _Writer:
    """Plays scripts into rows, and copies them batch by batch."""

    def __init__(self, now: datetime) -> None:
        self._now, self._book, self._ids, self._lines, self._number = now, Book(), Ids(1_000), Lines(), 0

    def write(self, script: Script) -> None:
        day = self._book.day(script.registered_at)
        reference = f"TM{day:%Y%m%d}-{self._number:06d}"
        Case(script, reference, self._book, self._ids, self._lines, uuid.uuid4()).play(self._now)
        self._number += 1
        if self._number % BATCH == 0:
            self.copy()

    def copy(self) -> None:
        with transaction.atomic():
            self._lines.copy()

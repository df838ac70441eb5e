"""The demo's stories, read from stories/*.toml and laid out on the days before today.

`received` says when: "58d 10:00" is fifty-eight days ago at ten, "95m" and "31h" are so long before now, "due 10:00" is the
day whose fifteen working days end next. `entered` is the minutes until it was registered. A step's `at` is a day after
the receipt and a time ("0d 15:42"), or before today or now ("-3d 17:05", "-95m"); what a department does moves to the
next working day. What would lie in the future has not happened yet. People, units and causes go by their names and codes.
"""

import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from complaints import saved
from complaints.states import Verb
from config.demo import causes, people, rules
from config.demo.book import Book
from config.demo.bulk import drawn
from config.demo.case import Case
from config.demo.script import Caller, Script, Step
from config.demo.tables import Ids, Lines
from sla.calendar import WorkingCalendar

FOLDER = Path(__file__).resolve().parent / "stories"
VIEWS = (
    ("supervisor", "重大投诉", "state=open&severity=major"),
    ("supervisor", "监管转办", "state=all&channel=regulator"),
    ("frontdesk", "等待首次响应", "state=unanswered"),
)
SPANS = {"m": timedelta(minutes=1), "h": timedelta(hours=1)}
DAY = timedelta(days=1)
ANY_DAY = frozenset({Verb.RESPOND, Verb.HAND_OVER, Verb.REOPEN, Verb.WITHDRAW})  # outlets and the hotline never rest


def open_the_demo() -> int:
    """Found the institution and tell its stories; return how many complaints there are."""
    with transaction.atomic():
        people.found(with_sign_ins=True)
        causes.fill()
        rules.adopt()
        for username, name, query in VIEWS:
            saved.keep(name, query, actor=User.objects.get(username=username))
        return tell(timezone.now())


def tell(now: datetime) -> int:
    """Write every story as it stands at `now`."""
    book, ids, lines = Book(), Ids(100), Lines()
    told: dict[str, Case] = {}
    numbers: dict[date, int] = {}
    for story, script in scripts(book, now):
        if again := story.get("repeat_of"):
            script.repeat_of = told[again].id
        day = book.day(script.registered_at)
        numbers[day] = drawn(day, 1)[0] if day == book.day(now) else numbers.get(day, 0) + 1
        case = Case(script, f"TS{day:%Y%m%d}-{numbers[day]:06d}", book, ids, lines, uuid.uuid4())
        case.play(now)
        told[story.get("name", case.reference)] = case
    lines.copy()
    return len(told)


def scripts(book: Book, now: datetime) -> Iterator[tuple[dict[str, Any], Script]]:
    """Every story with its script, in the order of their registration."""
    layout = Layout(book, now)
    stories = [story for path in sorted(FOLDER.glob("*.toml")) for story in tomllib.loads(path.read_text())["story"]]
    callers = {story["name"]: story["caller"] for story in stories if "name" in story}
    laid_out = []
    for story in stories:
        caller = dict(story["caller"])
        if same := caller.pop("same_as", None):
            caller = callers[same] | caller
        laid_out.append((story, layout.script(story, caller)))
    yield from sorted(laid_out, key=lambda pair: pair[1].registered_at)


class Layout:
    """Turns what a story says of time into times, and its names into ids."""

    def __init__(self, book: Book, now: datetime) -> None:
        self._book, self._now, self._today = book, now, book.day(now)
        self._calendar: WorkingCalendar = book.resolution(now).version.value()

    def script(self, story: dict[str, Any], caller: dict[str, Any]) -> Script:
        """The story's complaint, with every step that it tells of."""
        book = self._book
        received_at = self._received(story["received"])
        registered_at = min(received_at + timedelta(minutes=story["entered"]), self._now - timedelta(minutes=1))
        staff = story.get("staff")
        script = Script(
            by=book.people[story["by"]],
            registered_at=registered_at,
            received_at=received_at,
            unit=book.units[story["about"]].pk,
            caller=_caller(caller),
            cause=book.causes[story["cause"]].pk,
            product=book.products[story["product"]],
            claimed_amount=Decimal(story["amount"]) if "amount" in story else None,
            staff_complained_about=book.people[staff] if staff else None,
            is_summary_confirmed=story["channel"] in {"phone", "visit"},
            recording_reference=f"REC-{registered_at:%m%d}-{registered_at:%H%M}" if story["channel"] == "phone" else "",
            postmarked_on=book.day(received_at) - story["postmark"] * DAY if "postmark" in story else None,
            registered_mail_number=story.get("mail", ""),
            external_reference=story.get("external", ""),
            referred_by=story.get("referred_by", ""),
            alleges_violation=story.get("violation", False),
            place=story.get("place", ""),
            severity=story.get("severity", "ordinary"),
            channel=story["channel"],
            summary=story["summary"],
            narrative=story["narrative"],
            demand=story.get("demand", ""),
        )
        script.steps = list(self._steps(story["steps"], script))
        return script

    def _received(self, said: str) -> datetime:
        if said[-1] in SPANS:
            return self._now - int(said[:-1]) * SPANS[said[-1]]
        days, at = said.split()
        ago = self._nearly_due(time.fromisoformat(at)) if days == "due" else int(days[:-1])
        return self._local(self._today - ago * DAY, at)

    def _nearly_due(self, at: time) -> int:
        """How many days ago something was received whose resolution falls due next."""
        for ago in range(60, 0, -1):
            received_at = self._local(self._today - ago * DAY, at.isoformat())
            if self._book.resolution(received_at).due_at > self._now:
                return ago
        raise LookupError("no day of the last sixty has a resolution that is still due")

    def _local(self, day: date, at: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(at), self._book.zone).astimezone(UTC)

    def _steps(self, told: list[dict[str, Any]], script: Script) -> Iterator[Step]:
        last = script.registered_at
        for step in told:
            given = dict(step)
            at, verb, by = given.pop("at"), Verb(given.pop("do")), self._book.people[given.pop("by")]
            last = max(self._when(at, verb, script.received_at), last + timedelta(minutes=2))
            yield Step(verb, by, last, self._given(given))

    def _when(self, said: str, verb: Verb, received_at: datetime) -> datetime:
        if said[-1] in SPANS:
            return self._now - int(said[1:-1]) * SPANS[said[-1]]
        days, at = said.split()
        if days.startswith("-"):
            return self._local(self._today - int(days[1:-1]) * DAY, at)
        day = self._book.day(received_at) + int(days[:-1]) * DAY
        while days != "0d" and verb not in ANY_DAY and not self._calendar.works(day):
            day += DAY
        return self._local(day, at)

    def _given(self, told: dict[str, Any]) -> dict[str, Any]:
        """The step's own words, its names as ids."""
        if "to" in told:
            told["to"] = self._book.people[told["to"]]
            told["unit"] = self._book.post_of(told["to"])
        if "cause" in told:
            told["cause"] = self._book.causes[told["cause"]].pk
        if "redress" in told:
            told["redress_amount"] = Decimal(told.pop("redress"))
        return told


def _caller(told: dict[str, Any]) -> Caller:
    number = told.pop("id", "")
    return Caller(id_number=number, **{"id_type": "id_card" if number else ""} | told)

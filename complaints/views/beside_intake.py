"""What intake shows beside the form: the clocks that saving will start, the person's complaints, a repeat, a severity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.errors import Refusal
from accounts.models import User
from complaints.forms.intake import SEALED, IntakeForm
from complaints.models import Complainant, Complaint
from complaints.rows import Row, Running, row_of, running_clocks
from complaints.states import ENDED, OPEN
from complaints.triage import FREQUENT_SPAN, REPEAT_SPAN, Story, Suggestion, alike, weigh
from sla import clocks, sentences, wording
from sla.calendar import DayCount, Unit, Why, deadline
from sla.clocks import Promise
from sla.matching import Matter

READ = 50  # of one person's complaints: the newest open ones; the counts are of all
SHOWN = 3
FEWEST_DIGITS = 5  # shorter is not yet a number anybody could have left


@dataclass(frozen=True, slots=True)
class PromiseFace:
    """One clock before it runs: `lead` the date, `rule` what is counted, `why` what ends it; `days` the strip."""

    label: str
    lead: str
    tone: str
    rule: str
    why: str
    provisional: bool
    days: tuple[DayCount, ...]


@dataclass(frozen=True, slots=True)
class Promised:
    """The clocks of one receipt, the strictest first; or the `problem` that keeps them from being told."""

    received: str = ""
    faces: tuple[PromiseFace, ...] = ()
    basis: tuple[str, ...] = ()
    problem: str = ""
    is_late_entry: bool = False


def promised(received_at: datetime | None, now: datetime, matter: Matter) -> Promised:
    """What saving will promise for a receipt at this moment. Two queries, and one a calendar on its first use."""
    if received_at is None:
        return Promised(problem=_("Once the time of receipt is filled in, the deadlines are shown here."))
    if received_at > now:
        return Promised(problem=_("Received cannot be later than now (%(now)s).") % {"now": _words(now, now)})
    try:
        found = clocks.promises(received_at, matter, now)
    except Refusal as refused:
        return Promised(problem=str(refused.message))
    basis = {str(promise.term.policy): None for promise in found} | {str(promise.version): None for promise in found}
    return Promised(
        received=_words(received_at, now),
        faces=tuple(_face(promise, now) for promise in found),
        basis=tuple(basis),
        is_late_entry=now - received_at > wording.ONE_DAY,
    )


def _face(promise: Promise, now: datetime) -> PromiseFace:
    allowance, calendar = promise.allowance, promise.version.value()
    limit = sentences.allowance(allowance)
    days: tuple[DayCount, ...] = ()
    local_today = timezone.localdate(now)
    last = wording.day_words(promise.due_on, local_today)
    lead, why = last, _("ends at 24:00 that day")
    match allowance.unit:
        case Unit.MINUTES | Unit.HOURS:
            rule = _("%(limit)s, counted without a break, days off too") % {"limit": limit}
            lead, why = _("by %(moment)s") % {"moment": wording.due_words(promise.due_at, now)}, last
        case Unit.DAYS:
            rule = _("%(limit)s by the calendar; the day after receipt is the first") % {"limit": limit}
        case Unit.WORKING_DAYS:
            days = deadline(promise.started_at, allowance, calendar).days if allowance.amount > 1 else ()
            rule = _working_days_rule(limit, days, local_today)
        case Unit.WORKING_HOURS:
            rule = _("%(limit)s, counted in opening hours") % {"limit": limit}
            lead, why = _("by %(moment)s") % {"moment": wording.due_words(promise.due_at, now)}, last
    if allowance.by is not None:
        lead, why = _("by %(moment)s") % {"moment": wording.due_words(promise.due_at, now)}, last
    tone = ""
    if promise.due_at <= now:
        lead, tone = wording.left_words(promise.due_at, now), "red"
        why = wording.due_words(promise.due_at, now)
    label = promise.term.get_target_display()
    return PromiseFace(label, lead, tone, rule, why, promise.provisional, days)


def _working_days_rule(limit: str, days: tuple[DayCount, ...], today: date) -> str:
    make_up = [wording.day_words(day.date, today) for day in days if day.why is Why.MAKE_UP and day.counts]
    if make_up:
        return _("%(limit)s; %(day)s is a make-up day and counts") % {"limit": limit, "day": make_up[0]}
    return limit


def _words(moment: datetime, now: datetime) -> str:
    return wording.moment_words(moment, now, with_time=True)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who complained before, masked, with the complaint their data would be copied from."""

    reference: str
    kind: str
    id_type: str
    masked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier complaint that this one may repeat."""

    row: Row
    why: str
    days: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the person, of complaints visible to the clerk alone. `asked`: there was a number to look for."""

    asked: bool = False
    is_picked: bool = False
    people: tuple[Person, ...] = ()
    open: int = 0
    ended: int = 0
    recent: int = 0
    rows: tuple[Row, ...] = ()
    repeat: Repeat | None = None
    chosen: str = ""
    doubt: str = ""
    suggestion: Suggestion = field(default_factory=lambda: weigh(""))

    @property
    def name(self) -> str:
        """How the person is shown: by the masked name, when all complaints carry one name."""
        return self.people[0].masked["name"] if len(self.people) == 1 else ""

    @property
    def more(self) -> int:
        return self.open + self.ended - len(self.rows)


def known(form: IntakeForm, user: User, now: datetime) -> Known:
    """What is known of the person typed into the form (already cleaned). Three queries, however often they complained."""
    given: Mapping[str, Any] = form.cleaned_data
    phone, id_number = given.get("phone", ""), given.get("id_number", "")
    doubt = "" if form.source else str(form.warnings.get("id_number", ""))
    if max(len(phone), len(id_number)) < FEWEST_DIGITS:
        return Known(doubt=doubt, suggestion=_suggestion(given, 0))
    same = Complaint.objects.visible_to(user).of_same_person(phone=phone, id_number=id_number)
    if given.get("draft"):  # what this very draft became, sent twice at once, is no earlier complaint
        same = same.exclude(intake_key=str(given["draft"]))
    counts = same.aggregate(
        open=Count("pk", filter=Q(status__in=OPEN)),
        ended=Count("pk", filter=Q(status__in=ENDED)),
        recent=Count("pk", filter=Q(received_at__gte=now - FREQUENT_SPAN)),
    )
    open_first = Case(When(status__in=OPEN, then=Value(0)), default=Value(1))
    found = list(same.for_list().select_related("complainant").order_by(open_first, "-received_at")[:READ])
    running = running_clocks([case.pk for case in found], now) if found else {}
    return Known(
        asked=True,
        is_picked=form.source is not None,
        people=_people(found),
        rows=tuple(row_of(case, now, user, running.get(case.pk)) for case in found[:SHOWN]),
        repeat=_repeat(found, running, given, user, now),
        chosen=given.get("repeat", ""),
        doubt=doubt,
        suggestion=_suggestion(given, counts["recent"]),
        **counts,
    )


def _people(found: list[Complaint]) -> tuple[Person, ...]:
    """The people behind the complaints, one a name, the newest data of each."""
    newest: dict[str, Complaint] = {}
    for case in sorted(found, key=lambda one: one.received_at, reverse=True):
        newest.setdefault(case.complainant.name_index, case)
    return tuple(_person(case.reference, case.complainant) for case in newest.values())


def _person(reference: str, someone: Complainant) -> Person:
    masked = {name: someone.masked(name) for name in SEALED}
    return Person(reference, someone.kind, someone.id_type, masked)


def _repeat(
    found: list[Complaint], running: Mapping[int, Running], given: Mapping[str, Any], user: User, now: datetime
) -> Repeat | None:
    """The first complaint of the last ninety days that has something in common with what is typed; open ones first."""
    new = Story(
        getattr(given.get("unit"), "pk", None),
        getattr(given.get("cause"), "pk", None),
        f"{given.get('summary', '')} {given.get('narrative', '')}",
    )
    for case in found:
        if now - case.received_at > REPEAT_SPAN:
            continue
        if why := alike(new, Story(case.unit_id, case.cause_id, case.summary)):
            days = (timezone.localdate(now) - timezone.localdate(case.received_at)).days
            return Repeat(
                row_of(case, now, user, running.get(case.pk)), pgettext("between two of a list", ", ").join(why), days
            )
    return None


def _suggestion(given: Mapping[str, Any], recent: int) -> Suggestion:
    text = "\n".join(given.get(name, "") for name in ("summary", "demand", "narrative"))
    return weigh(
        text,
        given.get("claimed_amount"),
        recent=recent,
        is_forwarded=given.get("channel") == Complaint.Channel.REGULATOR,
    )

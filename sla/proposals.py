"""What a new version of a policy would say, and what is wrong with it. Reads; `sla.policymaking` writes.

A proposal is the content of a version, whatever becomes of it. The codes that conditions may name belong to the floor above:
whoever drafts hands in what exists (`Known`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sla import ladder
from sla.calendar import DAY_UNITS, MAX_AMOUNT, Allowance, Unit, Unreckonable, due
from sla.models import NATIONAL, Calendar, CalendarVersion, Policy, Term, version_of
from sla.sentences import refusal
from sla.targets import ALWAYS, Reopening, Start, Stop, Target

Known = Mapping[str, Collection[str]]  # the codes that exist, by condition
Errors = dict[str, list[Any]]
CONDITIONS = ("channels", "severities", "units", "causes", "products", "referrers")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
OTHERWISE = frozenset({"calendar", "rungs"})  # what a clause says in another way than a term
ONE_DAY = timedelta(days=1)
LONGEST_PAUSE = 366  # days
RESERVED = frozenset({"draft"})  # the last segment of an address
STOPPED_BY = {
    Target.RESPONSE: Stop.ANSWERED,
    Target.RESOLUTION: Stop.RESOLVED,
    Target.STATUTORY_RESOLUTION: Stop.RESOLVED,
}


@dataclass(frozen=True)
class Clause:
    """One term of a proposal; the fields are those of `Term`, the calendar by its code (empty: the institution's own).

    `rungs`: its ladder; empty for the one that is usual for such a term (`sla.ladder.usual`).
    """

    target: str
    amount: int
    unit: str
    stops: str
    starts: str = Start.RECEIVED
    calendar: str = ""
    is_statutory: bool = False
    by_time: time | None = None
    repeats: bool = False
    supervisor_extends_to: int | None = None
    extendable_to: int | None = None
    pausable_days: int | None = None
    reopening: str = Reopening.ENDS
    rungs: tuple[ladder.Planned, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """The next version of the policy `code`. Without terms it repeals; `reason` says why it is made."""

    code: str
    name: str
    from_on: date
    clauses: tuple[Clause, ...] = ()
    source: str = ""
    until_on: date | None = None
    reason: str = ""
    channels: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    referrers: tuple[str, ...] = ()
    only_violations: bool = False


def proposal_of(policy: Policy, *, from_on: date | None = None, reason: str = "") -> Proposal:
    """What a version says, to be proposed again, from another first day perhaps."""
    named = {name: tuple(getattr(policy, name)) for name in CONDITIONS}
    clauses = tuple(clause_of(term) for term in policy.terms.select_related("calendar").prefetch_related("rungs"))
    return Proposal(
        policy.code, policy.name, from_on or policy.from_on, clauses, policy.source, policy.until_on, reason,
        **named, only_violations=policy.only_violations,
    )  # fmt: skip


def clause_of(term: Term) -> Clause:
    given = {field.name: getattr(term, field.name) for field in fields(Clause) if field.name not in OTHERWISE}
    return Clause(**given, calendar=term.calendar.code if term.calendar else "", rungs=ladder.planned(term))


def problems(wanted: Proposal, known: Known, today: date) -> Errors:
    """What does not hold, by field; a clause's are `terms.0.amount` and so on. Empty when it can be drafted."""
    found: Errors = {}
    for name, text in (*_wrong_in_whole(wanted, today), *_unknown(wanted, known)):
        found.setdefault(name, []).append(text)
    seen: set[str] = set()
    for number, clause in enumerate(wanted.clauses):
        wrong = [*_wrong_in(clause), *_unreckonable(clause)]
        if clause.target in seen:
            wrong.append(("target", _("Each target once in a policy: of two the stricter would run anyway.")))
        seen.add(clause.target)
        for name, text in wrong:
            found.setdefault(f"terms.{number}.{name}", []).append(text)
    return found


def _wrong_in_whole(wanted: Proposal, today: date) -> Iterator[tuple[str, str]]:
    if wanted.code in RESERVED:
        yield "code", _("This word is taken; choose another code.")
    if not wanted.name.strip():
        yield "name", _("Give the policy a name.")
    for name in ("name", "source", "reason"):
        yield from too_long(name, getattr(wanted, name))
    if wanted.from_on < EARLIEST:
        yield "from_on", _("The first day cannot lie before the year %(year)s.") % {"year": EARLIEST.year}
    elif wanted.from_on > LATEST:
        yield "from_on", _("The day cannot lie after the year %(year)s.") % {"year": LATEST.year}
    elif wanted.from_on < today and not wanted.reason.strip():
        yield "reason", _("The first day has passed: say why the rule reaches back.")
    if wanted.until_on and wanted.until_on < wanted.from_on:
        yield "until_on", _("The last day cannot lie before the first.")
    elif wanted.until_on and wanted.until_on > LATEST:
        yield (
            "until_on",
            _("Leave it empty when it has no last day; it cannot lie after the year %(year)s.") % {"year": LATEST.year},
        )


def too_long(name: str, text: str, column: str = "") -> Iterator[tuple[str, str]]:
    """What is wrong with a text that `column` (else the one called `name`) is to hold."""
    most = getattr(Policy._meta.get_field(column or name), "max_length", None) or 0
    if len(text) > most:
        yield (
            name,
            _("At most %(limit_value)d characters; there are %(show_value)d.")
            % {"limit_value": most, "show_value": len(text)},
        )
    if "\0" in text:
        yield name, _("This text holds a character that cannot be stored (NUL). Paste it again as plain text.")


def _unknown(wanted: Proposal, known: Known) -> Iterator[tuple[str, str]]:
    for name in CONDITIONS:
        if missing := [code for code in getattr(wanted, name) if code not in known[name]]:
            yield name, _("There is no such code: %(codes)s.") % {"codes": ", ".join(missing)}


def _wrong_in(clause: Clause) -> Iterator[tuple[str, str]]:
    choices = (("target", Target), ("unit", Unit), ("starts", Start), ("stops", Stop), ("reopening", Reopening))
    for name, words in choices:
        if getattr(clause, name) not in list(words):
            yield name, _("Choose one of the list.")
    by_day = clause.by_time is not None and clause.unit in DAY_UNITS
    if clause.by_time is not None and not by_day:
        yield "by_time", _("Only days end at a time of day.")
    if not (0 if by_day else 1) <= clause.amount <= MAX_AMOUNT:
        yield "amount", _("An allowance is a whole number from 1 to %(most)s.") % {"most": MAX_AMOUNT}
    yield from _wrong_in_moving(clause)
    if clause.target == Target.STATUTORY_RESOLUTION and not clause.is_statutory:
        yield "is_statutory", _("This target is what the law sets; mark it so.")
    if clause.repeats and (clause.unit not in DAY_UNITS or clause.extendable_to is not None):
        yield "repeats", _("Only days are owed again and again, and such a term is not extended.")
    if clause.target in STOPPED_BY:
        wanted = STOPPED_BY[Target(clause.target)]
        if clause.stops != wanted:
            yield "stops", _("This target is met when %(event)s.") % {"event": wanted.label}
    if clause.target == Target.RESOLUTION and clause.reopening == Reopening.ENDS:
        yield "reopening", _("The resolution is promised again when a case is reopened.")


def _wrong_in_moving(clause: Clause) -> Iterator[tuple[str, str]]:
    """What is wrong with how far the date may move."""
    longest, by_supervisor = clause.extendable_to, clause.supervisor_extends_to
    if longest is not None and not clause.amount < longest <= MAX_AMOUNT:
        yield (
            "extendable_to",
            _("An extension reaches beyond the allowance itself, and %(most)s at most.") % {"most": MAX_AMOUNT},
        )
    if by_supervisor is not None and not clause.amount < by_supervisor <= (longest or 0):
        yield "supervisor_extends_to", _("A supervisor extends beyond the allowance, and no further than the longest.")
    if clause.pausable_days is not None and clause.is_statutory:
        yield "pausable_days", _("What the law sets is never paused.")
    elif clause.pausable_days is not None and clause.by_time is not None:
        yield "pausable_days", _("What is due by a time of day is not paused: agree on another day instead.")
    elif clause.pausable_days is not None and not 1 <= clause.pausable_days <= LONGEST_PAUSE:
        yield "pausable_days", _("A pause is 1 to %(most)s days.") % {"most": LONGEST_PAUSE}


def _unreckonable(clause: Clause) -> Iterator[tuple[str, str]]:
    """An allowance that the engine cannot reckon would refuse every complaint it is for."""
    code = clause.calendar or NATIONAL
    version = CalendarVersion.objects.filter(calendar__code=code).order_by("-number").first()
    if version is None:
        yield "calendar", _("There is no such code: %(codes)s.") % {"codes": code}
        return
    try:
        for amount in (clause.amount, clause.extendable_to):
            if amount is not None:
                due(
                    timezone.now(), Allowance(amount, Unit(clause.unit), clause.by_time), version_of(version.pk).value()
                )
    except Unreckonable as error:
        if error.code != "amount":  # said above
            yield "unit", refusal(error)
    except ValueError:  # a unit that is none: said above
        return


@dataclass(frozen=True)
class Gap:
    """A day on which a complaint would be promised less than every complaint is owed."""

    on: date
    targets: tuple[Target, ...]


def gap(wanted: Proposal) -> Gap | None:
    """The first day on which `wanted` would leave some complaint without what is promised to all (`ALWAYS`), or None.

    A day on which that was so already is not its doing. Every day on which something begins or ends is looked at, from the
    first day of the proposal to its last.
    """
    approved = list(Policy.objects.filter(decision=Policy.Decision.APPROVED).order_by("code", "-number"))
    owed = _owed(Term.objects.filter(policy__in=approved, starts=Start.RECEIVED, target__in=ALWAYS))
    promised = {clause.target for clause in wanted.clauses if clause.starts == Start.RECEIVED}
    mine = promised if not any(getattr(wanted, name) for name in CONDITIONS) and not wanted.only_violations else set()
    for day in sorted(_turns(wanted, approved)):
        ruling = _ruling(approved, day)
        before = {target for policy in ruling.values() for target in owed.get(policy.pk, ())}
        others = {
            target for code, policy in ruling.items() if code != wanted.code for target in owed.get(policy.pk, ())
        }
        lost = [target for target in ALWAYS if target in before and target not in others | mine]
        if lost:
            return Gap(day, tuple(lost))
    return None


def _owed(terms: Iterable[Term]) -> dict[int, set[str]]:
    """What each policy that is for every complaint promises of `ALWAYS`, by policy."""
    found: dict[int, set[str]] = {}
    for term in terms.select_related("policy"):  # type: ignore[attr-defined]
        policy = term.policy
        if not any(getattr(policy, name) for name in CONDITIONS) and not policy.only_violations:
            found.setdefault(policy.pk, set()).add(term.target)
    return found


def _turns(wanted: Proposal, approved: Iterable[Policy]) -> set[date]:
    """The days within the proposal's own on which what is in force may change."""
    days = {wanted.from_on}
    for policy in approved:
        days |= {policy.from_on} | ({policy.until_on + ONE_DAY} if policy.until_on else set())
    return {day for day in days if wanted.from_on <= day and (wanted.until_on is None or day <= wanted.until_on)}


def _ruling(approved: Iterable[Policy], day: date) -> dict[str, Policy]:
    """Of each code the newest version in force; `approved` has the newest of a code first."""
    found: dict[str, Policy] = {}
    for policy in approved:
        if policy.from_on <= day and (policy.until_on is None or day <= policy.until_on):
            found.setdefault(policy.code, policy)
    return found


def calendars() -> list[tuple[str, str]]:
    """The calendars that a term may name, as (code, name)."""
    return list(Calendar.objects.order_by("name").values_list("code", "name"))

"""What a version would change: the promises of a matter as they are, and as they would be with it. Nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from sla.calendar import due
from sla.matching import Matter, matches
from sla.models import NATIONAL, Calendar, CalendarVersion, Policy, Term, calendars_for, version_of
from sla.targets import Start, Target


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One target of a matter: its term and last moment now, and with the version; None where nothing is promised."""

    target: Target
    before: Term | None
    after: Term | None
    due_before: datetime | None
    due_after: datetime | None

    @property
    def changes(self) -> bool:
        return (self.before and _shape(self.before)) != (self.after and _shape(self.after))


def foresee(policy: Policy, matter: Matter, at: datetime) -> list[Foreseen]:
    """What a complaint received `at` would be promised without and with `policy`, by target. Five queries at most."""
    day = timezone.localdate(at)
    versions = _versions(matter.received_in)
    own = set(Policy.objects.filter(code=policy.code).values_list("pk", flat=True))
    found: list[Foreseen] = []
    mine = list(policy.terms.all()) if rules(policy, day) and matches(policy, matter) else []
    all_ruling = Term.objects.promised({start.value: day for start in Start}, matter.received_in)
    for start in Start:
        ruling = [term for term in all_ruling if term.starts == start and matches(term.policy, matter)]
        others = [term for term in ruling if term.policy_id not in own] if rules(policy, day) else ruling
        before = _strictest(ruling, at, versions)
        after = _strictest([*others, *(term for term in mine if term.starts == start)], at, versions)
        for target in Target:
            was, will = before.get(target), after.get(target)
            if was or will:
                found.append(Foreseen(target, was and was[1], will and will[1], was and was[0], will and will[0]))
    return sorted(found, key=lambda one: list(Target).index(one.target))


def rules(policy: Policy, day: date) -> bool:
    """Whether a day lies within a version's own days."""
    return policy.from_on <= day and (policy.until_on is None or day <= policy.until_on)


def _strictest(terms: Iterable[Term], at: datetime, versions: dict[int, int]) -> dict[Target, tuple[datetime, Term]]:
    found: dict[Target, tuple[datetime, Term]] = {}
    for term in terms:
        version = versions[term.calendar_id or 0]
        due_at = due(at, term.allowance, version_of(version).value())[0]
        target = Target(term.target)
        if target not in found or (due_at, term.pk) < (found[target][0], found[target][1].pk):
            found[target] = due_at, term
    return found


def _versions(received_in: int) -> dict[int, int]:
    """The newest version of each calendar, by calendar; 0 is that of the unit which received the complaint."""
    latest = CalendarVersion.objects.order_by("calendar_id", "-number").distinct("calendar_id")
    found = dict(latest.values_list("calendar_id", "pk"))
    national = Calendar.objects.values_list("pk", flat=True).get(code=NATIONAL)
    return found | {0: found[calendars_for([received_in]).get(received_in, national)]}


def _shape(term: Term) -> tuple[object, ...]:
    return (
        term.amount,
        term.unit,
        term.calendar_id,
        term.stops,
        term.is_statutory,
        term.by_time,
        term.repeats,
        term.supervisor_extends_to,
        term.extendable_to,
        term.pausable_days,
    )

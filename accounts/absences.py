"""Who is away today, and who stands in for them. One query, however many people are asked about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from accounts.models import Absence, Membership, User
from accounts.roles import OVERSIGHT, STAFF


@dataclass(frozen=True, slots=True)
class Away:
    """A person's absence as it is today; `deputy` is the id of whoever stands in, if anybody does."""

    until_on: date
    deputy: int | None
    deputy_name: str


def away_today(people: Collection[int] | None = None, on: date | None = None) -> dict[int, Away]:
    """The absences of a day by person, of all or of these; of two the one that ends later. One query."""
    found = Absence.objects.in_force(on).order_by("until_on", "id")
    if people is not None:
        found = found.filter(person__in=people)
    rows = found.values_list("person_id", "until_on", "deputy_id", "deputy__name", "deputy__username")
    return {
        person: Away(until_on, deputy, (name or username or "")) for person, until_on, deputy, name, username in rows
    }


def stand_in(person: int, away: Mapping[int, Away], fit: Collection[int]) -> int | None:
    """Who is there for an absent person: the deputy, or the deputy's own, and so on; None where the chain ends or turns.

    `fit` are those who may be told: people who have not left.
    """
    seen = {person}
    deputy = away[person].deputy
    while deputy is not None and deputy not in seen and deputy in fit:
        if deputy not in away:
            return deputy
        seen.add(deputy)
        deputy = away[deputy].deputy
    return None


def deputies_of(person: User) -> QuerySet[User]:
    """Who may stand in for somebody: whoever handles complaints in one of their units, or looks over it."""
    posts = list(Membership.objects.in_force().filter(user=person).select_related("unit"))
    units = {post.unit_id for post in posts}
    above = [
        path[: end + 1]
        for path in {post.unit.path for post in posts}
        for end, sign in enumerate(path)
        if sign == "/" and end
    ]
    near = Q(role__in=STAFF, unit__in=units) | Q(role__in=OVERSIGHT, unit__path__in=above)
    fit = Membership.objects.in_force().filter(near).exclude(user=person)
    return User.objects.filter(pk__in=fit.values("user")).order_by("name", "pk")


def overlapping(person: User, first: date, last: date) -> bool:
    """Whether an absence of the person falls into these days."""
    return Absence.objects.filter(person=person, cancelled_at=None, from_on__lte=last, until_on__gte=first).exists()


def cancel(absence: Absence, now: datetime, *, actor: User) -> None:
    """The person is not away, or is back before the last day."""
    absence.cancelled_at = now
    enter(absence, actor=actor)


def enter(absence: Absence, *, actor: User) -> None:
    """Keep an absence, new or changed; row history names who entered it."""
    absence._history_user = actor  # type: ignore[attr-defined]
    absence.save()

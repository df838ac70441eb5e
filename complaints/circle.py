"""Who is told at a step of a ladder: those it names, whoever stands in for them, and those above where nobody is there."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

from accounts.absences import Away, away_today, stand_in
from accounts.models import Membership, Unit
from accounts.roles import STAFF, Role
from complaints.models import Complaint
from sla.targets import Whom

Post = tuple[int, int]  # ids of unit and person
UPWARDS = tuple(Whom)  # where nobody of one is there, the next are told
KEEPERS = (Whom.OWNER, Whom.FIRST_RESPONDER)


@dataclass
class Told:
    """Ids of those who are told, of those who are away, and of the unit that the step comes before."""

    unit: int
    to: list[int] = field(default_factory=list)
    away: list[int] = field(default_factory=list)

    def add(self, person: int) -> None:
        if person not in self.to:
            self.to.append(person)


class Around(Protocol):
    """Of a case, the people and units that a step may tell."""

    owner_id: int
    owner_unit_id: int
    first_responder_id: int
    registered_unit_id: int
    staff_complained_about_id: int | None


@dataclass(frozen=True)
class Circle:
    """The people around some cases.

    `over`: who looks over each unit that owns one, by role, the nearest first; `away`: who is absent; `here`: which of the
    owners, first responders and deputies still handle complaints.
    """

    over: Mapping[Role, Mapping[int, Sequence[Post]]]
    away: Mapping[int, Away]
    here: Set[int]

    @classmethod
    def around(cls, cases: Iterable[Complaint]) -> "Circle":
        """Three queries for a handful, and two for each unit that owns a case of it."""
        listed = list(cases)
        units = Unit.objects.in_bulk({case.owner_unit_id for case in listed})
        held = Membership.objects.with_role_over
        over = {
            role: {key: list(held(role, unit).values_list("unit_id", "user_id")) for key, unit in units.items()}
            for role in (Role.SUPERVISOR, Role.COMPLIANCE)
        }
        away = away_today()
        asked = {key for case in listed for key in (case.owner_id, case.first_responder_id)}
        asked |= {one.deputy for one in away.values() if one.deputy is not None}
        here = Membership.objects.in_force().filter(role__in=STAFF, user__in=asked)
        return cls(over, away, set(here.values_list("user_id", flat=True)))

    def of(self, case: Around, whom: Collection[str], *, breaking: bool = False) -> Told:
        """Whom a step tells, for a case of this handful. Never the staff complained about.

        When `breaking`, the owner and the first responder are told by the breach itself: of them only deputies are added.
        """
        told = Told(case.owner_unit_id)
        for kind in (Whom(one) for one in UPWARDS if one in whom):
            self._reach(told, case, kind, breaking=breaking)
        return told

    def _reach(self, told: Told, case: Around, kind: Whom, *, breaking: bool) -> None:
        """Tell those of a kind; where nobody of them is there nor stands in, those of the next, and so on."""
        for each in UPWARDS[UPWARDS.index(kind) :]:
            is_heard = False
            for unit, person in self._posts(case, each):
                there = person
                if person in self.away:
                    if not (breaking and each in KEEPERS) and person not in told.away:
                        told.away.append(person)
                    there = stand_in(person, self.away, self.here - {case.staff_complained_about_id}) or 0
                elif each in KEEPERS and person not in self.here:
                    there = 0  # who has left
                if there:
                    is_heard = True
                    if not (breaking and each in KEEPERS and there == person):
                        told.add(there)
                    if each not in KEEPERS:
                        told.unit = unit
            if is_heard:
                return

    def _posts(self, case: Around, kind: Whom) -> Sequence[Post]:
        match kind:
            case Whom.OWNER:
                found = [(case.owner_unit_id, case.owner_id)]
            case Whom.FIRST_RESPONDER:
                found = [(case.registered_unit_id, case.first_responder_id)]
            case Whom.UNIT_HEAD:
                found = self._nearest(case, Role.SUPERVISOR, 0)
            case Whom.SUPERVISING_UNIT:
                found = self._nearest(case, Role.SUPERVISOR, 1)
            case Whom.COMPLIANCE:
                found = self._nearest(case, Role.COMPLIANCE, 0)
        return [post for post in found if post[1] != case.staff_complained_about_id]

    def _nearest(self, case: Around, role: Role, place: int) -> list[Post]:
        """Who holds a role in the nearest unit with anybody who may see the case, or (1) in the next unit above it."""
        posts = [post for post in self.over[role][case.owner_unit_id] if post[1] != case.staff_complained_about_id]
        units = list(dict.fromkeys(unit for unit, _person in posts))
        return [post for post in posts if post[0] == units[place]] if place < len(units) else []

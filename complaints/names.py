"""What people, units, causes and codes are called: looked up once for a page, not once for a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from accounts.models import Unit, User
from complaints.models import Cause, Complaint
from complaints.states import Status


@dataclass(frozen=True, slots=True)
class Names:
    """What people, units and causes are called, by id."""

    people: Mapping[int, str]
    units: Mapping[int, str]
    causes: Mapping[int, str]

    @classmethod
    def of(cls, complaints: Sequence[Complaint]) -> "Names":
        """The names of a page: three queries, however many rows. Joined to the rows they would cost far more to plan."""
        people: set[int | None] = set()
        units: set[int] = set()
        causes: set[int | None] = set()
        for one in complaints:
            people |= {one.owner_id, one.first_responder_id, one.offered_to_id}
            units |= {one.owner_unit_id, one.registered_unit_id, one.unit_id}
            causes.add(one.cause_id)
        found = User.objects.filter(pk__in=[key for key in people if key]).values_list("pk", "name", "username")
        return cls(
            {key: name or username for key, name, username in found},
            dict(Unit.objects.filter(pk__in=units).order_by().values_list("pk", "name")),
            dict(Cause.objects.filter(pk__in=[key for key in causes if key]).order_by().values_list("pk", "name")),
        )

    @classmethod
    def read_with(cls, one: Complaint) -> "Names":
        """The names of one complaint that was read with them (`for_list`)."""
        people = (one.owner, one.first_responder, one.offered_to)
        units = (one.owner_unit, one.registered_unit, one.unit)
        return cls(
            {person.pk: str(person) for person in people if person},
            {unit.pk: unit.name for unit in units},
            {one.cause.pk: one.cause.name} if one.cause else {},
        )


@dataclass(frozen=True, slots=True)
class Codes:
    """User names and the codes of units and causes, by id: what machines know them by."""

    people: Mapping[int, str]
    units: Mapping[int, str]
    causes: Mapping[int, str]

    @classmethod
    def of(cls, complaints: Sequence[Complaint]) -> "Codes":
        """Three queries, however many rows."""
        people = {key for one in complaints for key in (one.owner_id, one.first_responder_id, one.offered_to_id) if key}
        units = {key for one in complaints for key in (one.owner_unit_id, one.unit_id)}
        causes = {one.cause_id for one in complaints if one.cause_id}
        return cls(
            dict(User.objects.filter(pk__in=people).values_list("pk", "username")),
            dict(Unit.objects.filter(pk__in=units).order_by().values_list("pk", "code")),
            dict(Cause.objects.filter(pk__in=causes).order_by().values_list("pk", "code")) if causes else {},
        )


@lru_cache(maxsize=8)
def labels_of(_language: str | None) -> dict[str, dict[str, str]]:
    """The words of a row's codes in the active language, which must be the one given: kept by language."""
    return {
        name: {value: str(label) for value, label in choices}
        for name, choices in (
            ("status", Status.choices),
            ("severity", Complaint.Severity.choices),
            ("channel", Complaint.Channel.choices),
        )
    }

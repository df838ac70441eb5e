"""What people, units, causes and codes are called: looked up once for a page, not once for a row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.utils import timezone

from accounts.absences import away_today
from complaints.models import Complaint
from complaints.states import Status
from sla import wording

# Written out and asked together: as three querysets they took longer to build than the page's own rows to read.
LOOKED_UP = """
SELECT 'person', id, {person} FROM accounts_user WHERE id = ANY(%(people)s)
UNION ALL SELECT 'unit', id, {other} FROM accounts_unit WHERE id = ANY(%(units)s)
UNION ALL SELECT 'cause', id, {other} FROM complaints_cause WHERE id = ANY(%(causes)s)
"""
NAMES = LOOKED_UP.format(person="coalesce(nullif(name, ''), username)", other="name")
CODES = LOOKED_UP.format(person="username", other="code")


@dataclass(frozen=True, slots=True)
class Names:
    """What people, units and causes are called, by id."""

    people: Mapping[int, str]
    units: Mapping[int, str]
    causes: Mapping[int, str]

    @classmethod
    def of(cls, complaints: Sequence[Complaint]) -> "Names":
        """The names of a page: one query, however many rows. Joined to the rows they would cost far more to plan."""
        return cls(*_looked_up(NAMES, complaints))

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
        """One query, however many rows."""
        return cls(*_looked_up(CODES, complaints))


def _looked_up(sql: str, complaints: Sequence[Complaint]) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """People, units and causes of these complaints by id, as `sql` words them."""
    people = {key for one in complaints for key in (one.owner_id, one.first_responder_id, one.offered_to_id) if key}
    units = {key for one in complaints for key in (one.owner_unit_id, one.registered_unit_id, one.unit_id)}
    causes = {one.cause_id for one in complaints if one.cause_id}
    found: dict[str, dict[int, str]] = {"person": {}, "unit": {}, "cause": {}}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"people": list(people), "units": list(units), "causes": list(causes)})
        for kind, key, word in cursor.fetchall():
            found[kind][key] = word
    return found["person"], found["unit"], found["cause"]


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


def away_words(people: Collection[int], now: datetime) -> dict[int, str]:
    """Of these people those who are away today, and in words until when and who stands in. One query."""
    today = timezone.localdate(now)
    found = away_today(people, today)
    return {person: wording.away_words(one.until_on, one.deputy_name, today) for person, one in found.items()}

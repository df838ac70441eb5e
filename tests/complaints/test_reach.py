"""The scope rule as SQL says what `visible_to` says in words: for every person, complaint, clock and badge."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import OVERVIEW, REACH_BELOW, REACH_UNIT, READERS, STAFF, Role
from accounts.scope import access_of
from complaints import ownership
from complaints.models import Complaint
from complaints.models.reach import ClockWithinReach, WithinReach
from config.shell import badge_counts
from reports.slices import clocks_seen_by
from tests.conftest import Cast

Register = Callable[..., Complaint]
EVERYBODY = (
    "olivia", "carol", "audrey", "adam", "hank", "helen", "sam", "fiona", "frank", "grace", "wendy", "walter", "system",
)  # fmt: skip


@pytest.fixture(autouse=True)
def cases(register: Register, cast: Cast) -> None:
    """Complaints at, about and worked in different units, late and not, some about staff, some offered."""
    late = timezone.now() - timedelta(hours=30)
    for who, unit in (("fiona", "E1"), ("fiona", "W1"), ("grace", "E2"), ("walter", "W1"), ("walter", "E2")):
        register(who, unit=unit)
        register(who, unit=unit, received_at=late, late_entry_reason="补录")
    for staff in (cast.sam, cast.carol, cast.hank, cast.wendy, cast.olivia):
        register("fiona", staff_complained_about=staff, received_at=late, late_entry_reason="补录")
    for case in Complaint.objects.filter(registered_unit=cast.unit["E2"]):
        ownership.hand_over(case, cast.hank, "请办理", actor=cast.grace)
    ownership.accept(Complaint.objects.filter(offered_to=cast.hank).order_by("pk")[0], actor=cast.hank)
    Membership.objects.create(user=cast.frank, unit=cast.unit["W1"], role=Role.HANDLER, from_on=late.date())


def reached(person: User) -> Iterator[Complaint]:
    """The rule as its docstring says it, by plain Python over all rows."""
    if person.username == "system":
        yield from Complaint.objects.all()
        return
    posts = [
        (post.role, post.unit) for post in Membership.objects.in_force().filter(user=person).select_related("unit")
    ]
    for case in Complaint.objects.select_related("owner_unit", "registered_unit", "unit"):
        if case.staff_complained_about_id == person.pk or not {role for role, _unit in posts} - {Role.ADMINISTRATOR}:
            continue
        if person.pk in {case.owner_id, case.first_responder_id, case.offered_to_id} or any(
            (role in REACH_UNIT and unit in {case.owner_unit, case.registered_unit})
            or (
                role in REACH_BELOW
                and any(one.path.startswith(unit.path) for one in (case.owner_unit, case.registered_unit, case.unit))
            )
            for role, unit in posts
        ):
            yield case


def ids(rows: object) -> set[int]:
    return {row.pk for row in rows}  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("counting", [False, True])
def test_everybody_sees_what_the_rule_says(cast: Cast, who: str, counting: bool) -> None:
    person = cast.people[who]
    assert ids(Complaint.objects.visible_to(person, counting=counting)) == ids(reached(person))


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_counts_the_clocks_of_what_they_see(cast: Cast, who: str) -> None:
    person = cast.people[who]
    assert {clock.complaint_id for clock in clocks_seen_by(person)} == ids(reached(person))


@pytest.mark.parametrize("who", EVERYBODY[:-1])
def test_the_badges_count_what_the_lists_show(cast: Cast, who: str) -> None:
    person, now = cast.people[who], timezone.now()
    roles, seen = access_of(person).roles, Complaint.objects.visible_to(person)
    owned = seen.open().filter(owner=person).count() if roles & STAFF else 0
    overdue = seen.overdue(now).count() if roles & OVERVIEW else 0
    assert badge_counts(access_of(person), now)[:2] == (owned, overdue)
    assert not (roles & READERS) or seen.exists()


def test_a_condition_can_be_compared(cast: Cast) -> None:
    mine, theirs = access_of(cast.fiona), access_of(cast.sam)
    assert WithinReach(mine) == WithinReach(mine)
    assert len({WithinReach(mine), WithinReach(theirs), WithinReach(mine, counting=True), ClockWithinReach(mine)}) == 4

"""How far a role reaches: own unit, or the unit and everything below it; from a day, until a day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Membership, Unit, User
from accounts.roles import Role
from accounts.scope import access_of
from tests.conftest import Cast

TODAY, DAY = timezone.localdate, timedelta(days=1)


def fresh(user: User) -> User:
    """As the next request loads them."""
    return User.objects.get(pk=user.pk)


def reached(cast: Cast, who: str) -> set[str]:
    access = access_of(cast.people[who])
    return {code for code, unit in cast.unit.items() for role in access.roles if access.reaches(role, unit.pk)}


@pytest.mark.parametrize(
    ("who", "codes"),
    [("fiona", {"E1"}), ("hank", {"HO-CARDS"}), ("sam", {"E", "E1", "E2"}), ("wendy", {"W", "W1"}),
     ("olivia", {"HO", "HO-CARDS", "E", "E1", "E2", "W", "W1"}), ("adam", {"HO"})],
)  # fmt: skip
def test_how_far_each_reaches(cast: Cast, who: str, codes: set[str]) -> None:
    assert reached(cast, who) == codes


def test_the_reach_of_the_top_needs_no_list_of_units(cast: Cast) -> None:
    assert access_of(cast.carol).whole == {Role.COMPLIANCE}
    assert access_of(cast.adam).whole == frozenset()


def test_a_unit_whose_code_begins_alike_is_not_below(cast: Cast) -> None:
    east_two = Unit.objects.create(code="E-NEW", name="东新支行", kind="branch", parent=cast.unit["HO"])
    assert not access_of(cast.sam).reaches(Role.SUPERVISOR, east_two.pk)


@pytest.mark.parametrize(
    ("from_on", "until_on", "counts"),
    [(0, None, True), (0, 0, True), (-9, 0, True), (1, None, False), (-9, -1, False)],
)
def test_a_role_counts_from_its_first_day_to_its_last(
    cast: Cast, from_on: int, until_on: int | None, counts: bool
) -> None:
    until = None if until_on is None else TODAY() + until_on * DAY
    cast.fiona.memberships.update(from_on=TODAY() + from_on * DAY, until_on=until)
    assert (Role.FRONT_DESK in access_of(fresh(cast.fiona)).roles) is counts


def test_several_roles_hold_at_once(cast: Cast) -> None:
    Membership.objects.create(user=cast.fiona, unit=cast.unit["W"], role=Role.SUPERVISOR, from_on=date(2020, 1, 1))
    access = access_of(fresh(cast.fiona))
    assert access.roles == {Role.FRONT_DESK, Role.SUPERVISOR}
    assert access.reaches(Role.SUPERVISOR, cast.unit["W1"].pk)
    assert not access.reaches(Role.SUPERVISOR, cast.unit["E1"].pk)


def test_whoever_left_reaches_nothing(cast: Cast) -> None:
    cast.sam.is_active = False
    cast.sam.save()
    assert access_of(fresh(cast.sam)).roles == frozenset()


@pytest.mark.parametrize("who", ["fiona", "sam", "olivia"])
def test_reading_a_reach_costs_two_queries_at_most(
    cast: Cast, who: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(2):
        access_of(cast.people[who])


def test_the_nearest_supervisor_comes_first(cast: Cast) -> None:
    over = Membership.objects.with_role_over(Role.SUPERVISOR, cast.unit["E1"])
    assert [held.user for held in over] == [cast.sam, cast.olivia]


def test_there_is_one_institution(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        Unit.objects.create(code="SUB", name="另一机构", kind=Unit.Kind.INSTITUTION)

"""Units choose a calendar: their own choice, else the nearest above, else the national one."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import Unit
from complaints.models import Complaint
from sla.choosing import choose
from sla.models import Calendar, Clock, UnitCalendar, calendar_for, calendars_for
from tests.conftest import NOW, Cast

As = Callable[[str], Client]
Register = Callable[..., Complaint]
UNITS = "/calendars/units/"


def calendar(code: str) -> Calendar:
    return Calendar.objects.get(code=code)


def codes(cast: Cast) -> dict[str, str]:
    """The calendar of every unit, by codes."""
    known = dict(Calendar.objects.values_list("id", "code"))
    found = calendars_for(unit.pk for unit in cast.unit.values())
    return {code: known[found[unit.pk]] for code, unit in cast.unit.items()}


def test_where_nobody_has_chosen_all_go_by_the_national_one(cast: Cast) -> None:
    assert set(codes(cast).values()) == {"cn"}
    assert calendar_for(cast.unit["E1"].pk) == calendar("cn").pk


def test_a_choice_goes_down_the_tree_and_the_nearest_counts(cast: Cast) -> None:
    choose(cast.unit["HO"], calendar("cn-trading"), actor=cast.adam)
    choose(cast.unit["E"], calendar("cn-saturday"), actor=cast.adam)
    choose(cast.unit["E2"], calendar("cn"), actor=cast.adam)
    assert codes(cast) == {
        "HO": "cn-trading", "HO-CARDS": "cn-trading", "E": "cn-saturday", "E1": "cn-saturday", "E2": "cn",
        "W": "cn-trading", "W1": "cn-trading",
    }  # fmt: skip


def test_a_choice_taken_back_is_kept_in_history_and_inherits_again(cast: Cast) -> None:
    choose(cast.unit["E1"], calendar("cn-saturday"), actor=cast.adam)
    choose(cast.unit["E1"], None, actor=cast.adam)
    row = UnitCalendar.objects.get()
    assert codes(cast)["E1"] == "cn"
    assert [(old.calendar_id, old.history_user) for old in row.history.order_by("history_id")] == [
        (calendar("cn-saturday").pk, cast.adam), (None, cast.adam),
    ]  # fmt: skip


def test_the_same_choice_again_changes_nothing(cast: Cast) -> None:
    first = choose(cast.unit["E1"], calendar("cn-saturday"), actor=cast.adam)
    again = choose(cast.unit["E1"], calendar("cn-saturday"), actor=cast.olivia)
    assert (again.pk, again.by, again.history.count()) == (first.pk, cast.adam, 1)


def test_the_database_deletes_no_choice(cast: Cast) -> None:
    choose(cast.unit["E1"], calendar("cn-saturday"), actor=cast.adam)
    with pytest.raises(DatabaseError), transaction.atomic():
        UnitCalendar.objects.all().delete()


def test_a_unit_whose_code_begins_another_is_not_above_it(cast: Cast) -> None:
    other = Unit.objects.create(code="E11", name="解放路二部", kind="outlet", parent=cast.unit["E"])
    choose(cast.unit["E1"], calendar("cn-saturday"), actor=cast.adam)
    assert calendar_for(other.pk) == calendar("cn").pk


def test_many_units_cost_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    choose(cast.unit["E"], calendar("cn-saturday"), actor=cast.adam)
    with django_assert_num_queries(1):
        assert len(calendars_for(unit.pk for unit in cast.unit.values())) == 7
    with django_assert_num_queries(1), pytest.raises(KeyError):
        calendar_for(0)


@time_machine.travel(NOW, tick=False)
def test_what_runs_keeps_its_calendar(cast: Cast, register: Register) -> None:
    register("fiona")
    before = list(Clock.objects.order_by("pk").values_list("calendar_version", "due_at"))
    choose(cast.unit["E1"], calendar("cn-saturday"), actor=cast.adam)
    assert list(Clock.objects.order_by("pk").values_list("calendar_version", "due_at")) == before


def test_the_page_says_whose_choice_it_is(as_: As, cast: Cast) -> None:
    choose(cast.unit["E"], calendar("cn-saturday"), actor=cast.adam)
    page = as_("adam").get(UNITS)
    faces = {face.unit.code: face for face in page.context["faces"]}
    assert (faces["E"].is_own, faces["E"].choice.by) == (True, cast.adam)
    assert (faces["E1"].is_own, faces["E1"].choice.unit.code, faces["E1"].depth) == (False, "E", 2)
    assert faces["W"].choice is None
    assert "随 城东支行" in page.content.decode()


def test_an_administrator_chooses_on_the_page(as_: As, cast: Cast) -> None:
    address = f"{UNITS}{cast.unit['E1'].pk}/"
    assert "对此后收到的投诉生效" in as_("adam").get(address).content.decode()
    assert as_("adam").post(address, {"calendar": "cn-trading"}).status_code == 302
    assert (codes(cast)["E1"], UnitCalendar.objects.get().by) == ("cn-trading", cast.adam)
    as_("adam").post(address, {"calendar": ""})
    assert codes(cast)["E1"] == "cn"
    assert as_("adam").post(address, {"calendar": "mars"}).status_code == 422


def test_a_unit_is_found_by_name_or_code(as_: As, cast: Cast) -> None:
    assert [face.unit.code for face in as_("adam").get(UNITS, {"q": "解放"}).context["faces"]] == ["E1"]
    assert "没有这个名称或代码的单位" in as_("adam").get(UNITS, {"q": "xyz"}).content.decode()


def test_the_page_costs_the_same_for_many_units(
    as_: As, cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(30):
        unit = Unit.objects.create(code=f"X{number}", name=f"网点 {number}", kind="outlet", parent=cast.unit["E"])
        choose(unit, calendar("cn-saturday"), actor=cast.adam)
    browser = as_("adam")
    with django_assert_max_num_queries(13):
        browser.get(UNITS)


@pytest.mark.parametrize("who", ["fiona", "sam", "carol", "audrey"])
def test_nobody_else_chooses(as_: As, cast: Cast, who: str) -> None:
    assert as_(who).post(f"{UNITS}{cast.unit['E1'].pk}/", {"calendar": "cn-trading"}).status_code == 403

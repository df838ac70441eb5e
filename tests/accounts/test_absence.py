"""Being away: entered on one's profile or in the settings, with somebody who stands in, and cancelled when one is back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.absences import away_today, deputies_of, stand_in
from accounts.models import Absence, User
from tests.conftest import Cast

As = Callable[[str], Client]
TODAY = timezone.localdate


def away(person: User, deputy: User | None = None, days: int = 3) -> Absence:
    return Absence.objects.create(
        person=person, from_on=TODAY(), until_on=TODAY() + timedelta(days=days), deputy=deputy
    )


def entered(browser: Client, **given: object) -> int:
    usual = {"from_on": TODAY().isoformat(), "until_on": (TODAY() + timedelta(days=3)).isoformat(), "note": "年假"}
    return browser.post("/accounts/absences/", usual | given).status_code


def test_one_enters_it_and_is_back_sooner(as_: As, cast: Cast) -> None:
    assert entered(as_("fiona"), deputy=cast.frank.pk) == 302
    absence = Absence.objects.get()
    assert (absence.person, absence.deputy) == (cast.fiona, cast.frank)
    assert "方强 代理" in as_("fiona").get("/accounts/profile/").content.decode()
    as_("fiona").post(f"/accounts/absences/{absence.pk}/cancel/")
    assert away_today() == {}
    assert [row.history_user for row in absence.history.all()] == [cast.fiona] * 2


def test_nobody_cancels_another_persons(as_: As, cast: Cast) -> None:
    absence = away(cast.fiona)
    assert as_("frank").post(f"/accounts/absences/{absence.pk}/cancel/").status_code == 404


def test_who_may_stand_in_works_there_or_looks_over_it(cast: Cast) -> None:
    assert set(deputies_of(cast.fiona)) == {cast.frank, cast.sam, cast.olivia, cast.carol}


@pytest.mark.parametrize("wrong", [{"until_on": "2020-01-01"}, {"from_on": "2999-01-01"}, {"from_on": ""}])
def test_days_that_are_none_are_refused(as_: As, wrong: dict[str, str]) -> None:
    assert entered(as_("fiona"), **wrong) == 422
    assert not Absence.objects.exists()


def test_the_same_days_are_not_entered_twice_nor_for_a_stranger(as_: As, cast: Cast) -> None:
    assert entered(as_("fiona"), deputy=cast.walter.pk) == 422
    assert [entered(as_("fiona")), entered(as_("fiona"))] == [302, 422]


def test_nobody_stands_in_for_themselves(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="absence_deputy_is_another"), transaction.atomic():
        away(cast.fiona, cast.fiona)


def test_the_deputy_of_a_deputy_who_is_away_stands_in(cast: Cast) -> None:
    away(cast.fiona, cast.frank)
    away(cast.frank, cast.sam)
    fit = {cast.frank.pk, cast.sam.pk}
    assert stand_in(cast.fiona.pk, away_today(), fit) == cast.sam.pk
    assert stand_in(cast.fiona.pk, away_today(), {cast.frank.pk}) is None


def test_deputies_in_a_circle_are_nobody(cast: Cast) -> None:
    away(cast.fiona, cast.frank)
    away(cast.frank, cast.fiona)
    assert stand_in(cast.fiona.pk, away_today(), {cast.fiona.pk, cast.frank.pk}) is None


def test_it_counts_from_its_first_day_to_its_last(cast: Cast) -> None:
    Absence.objects.create(person=cast.fiona, from_on=date(2026, 2, 10), until_on=date(2026, 2, 12))
    days = [date(2026, 2, day) for day in (9, 10, 12, 13)]
    assert [bool(away_today(on=day)) for day in days] == [False, True, True, False]


def test_the_settings_have_it_for_whoever_is_ill(as_: As, cast: Cast) -> None:
    given = {"person": cast.fiona.pk, "deputy": cast.frank.pk, "from_on": "2026-02-10", "until_on": "2026-02-12"}
    assert as_("adam").post("/admin/accounts/absence/add/", given).status_code == 302
    assert Absence.objects.get().history.get().history_user == cast.adam

"""What one may do today, and whether letters are keys."""

from collections.abc import Callable
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from tests.conftest import PASSWORD, Cast

PROFILE = "/accounts/profile/"
As = Callable[[str], Client]


def test_it_shows_the_roles_that_count_today(as_: As, cast: Cast) -> None:
    ended = timezone.localdate() - timedelta(days=1)
    Membership.objects.create(
        user=cast.fiona, unit=cast.unit["W1"], role=Role.HANDLER, from_on=date(2020, 1, 1), until_on=ended
    )
    page = as_("fiona").get(PROFILE).content.decode()
    assert "解放路网点" in page
    assert "西湖路网点" not in page


def test_whoever_holds_no_role_is_told_what_to_do(as_: As, cast: Cast) -> None:
    cast.fiona.memberships.update(until_on=timezone.localdate() - timedelta(days=1))
    answer = as_("fiona").get(PROFILE)
    assert (answer.status_code, "管理员" in answer.content.decode()) == (200, True)


def test_single_letters_can_be_switched_off_and_on(as_: As) -> None:
    fiona = as_("fiona")
    for keys in ("off", "on"):
        page = fiona.post(PROFILE, {"keys": keys}, follow=True).content.decode()
        assert f'data-keys="{keys}"' in page


def test_what_nobody_offered_is_refused(as_: As) -> None:
    assert as_("fiona").post(PROFILE, {"keys": "maybe"}).status_code == 400


def test_a_password_that_is_refused_says_why_in_chinese(as_: As, cast: Cast) -> None:
    cast.fiona.set_password(PASSWORD)
    cast.fiona.save()
    given = {"oldpassword": PASSWORD, "password1": "k7", "password2": "k7"}
    page = as_("fiona").post("/accounts/password/change/", given).content.decode()
    assert "密码太短：至少需要 10 个字符。" in page
    assert "This password" not in page


def test_signed_out_there_is_nothing_to_see(db: None) -> None:
    assert Client().get(PROFILE).status_code == 302

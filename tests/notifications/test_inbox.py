"""The inbox: what others did, told in the reader's language, read one by one or all at once, and within scope."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from complaints import ownership
from complaints.models import Complaint
from notifications.delivery import deliver
from notifications.views import PAGE
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.fixture
def offered(register: Register, cast: Cast) -> Complaint:
    case = ownership.hand_over(register("fiona"), cast.frank, "请核对流水", actor=cast.fiona)
    deliver(timezone.now())
    return case


def test_a_notice_says_what_happened_why_and_where(offered: Complaint, as_: As) -> None:
    (notice,) = as_("frank").get("/notifications/").context["notices"]
    assert "李敏" in notice.sentence
    assert "方强" in notice.sentence
    assert (notice.detail, notice.title, notice.reference) == ("请核对流水", offered.summary, offered.reference)
    assert notice.is_unread


def test_opening_a_notice_marks_it_as_read_and_leads_to_its_case(offered: Complaint, as_: As, cast: Cast) -> None:
    notice, browser = cast.frank.notifications.get(), as_("frank")
    answer = browser.post(f"/notifications/{notice.pk}/read/", {"open": "1"})
    assert answer.headers["Location"] == offered.get_absolute_url()
    assert not cast.frank.notifications.unread().exists()


def test_looking_changes_nothing(offered: Complaint, as_: As, cast: Cast) -> None:
    as_("frank").get("/notifications/")
    as_("frank").get("/notifications/latest/")
    assert cast.frank.notifications.unread().count() == 1
    assert as_("frank").get(f"/notifications/{cast.frank.notifications.get().pk}/read/").status_code == 405


def test_all_are_read_at_once_and_the_badge_is_gone(offered: Complaint, as_: As, cast: Cast) -> None:
    browser = as_("frank")
    assert browser.get("/notifications/").context["shell"].unread == 1
    browser.post("/notifications/read/")
    assert browser.get("/notifications/").context["shell"].unread == 0


def test_somebody_elses_notice_does_not_exist(offered: Complaint, as_: As, cast: Cast) -> None:
    assert as_("fiona").post(f"/notifications/{cast.frank.notifications.get().pk}/read/").status_code == 404
    assert as_("fiona").get("/notifications/").context["notices"] == []


def test_a_case_out_of_reach_is_named_but_neither_shown_nor_linked(offered: Complaint, as_: As, cast: Cast) -> None:
    given = ownership.hand_over(
        ownership.recall(offered, actor=cast.fiona), cast.walter, "私下的原因", actor=cast.fiona
    )
    ownership.recall(given, actor=cast.fiona)
    deliver(timezone.now())
    browser = as_("walter")
    page = browser.get("/notifications/")
    assert {(notice.url, notice.title, notice.detail) for notice in page.context["notices"]} == {("", "", "")}
    for text in (offered.summary, "私下的原因"):
        assert text not in page.content.decode()
    notice = cast.walter.notifications.first()
    assert notice is not None
    assert browser.post(f"/notifications/{notice.pk}/read/", {"open": "1"}).status_code == 404


def test_pages_follow_one_another(register: Register, as_: As, cast: Cast) -> None:
    for _ in range(PAGE + 2):
        ownership.remind(register("fiona"), actor=cast.sam)
    deliver(timezone.now())
    browser = as_("fiona")
    first = browser.get("/notifications/").context
    second = browser.get(f"/notifications/?{first['older']}").context
    assert (len(first["notices"]), len(second["notices"]), second["older"]) == (PAGE, 2, "")
    assert browser.get("/notifications/?before=x").status_code == 200

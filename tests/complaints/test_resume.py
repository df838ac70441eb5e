"""Resume: the clocks run again before the planned day, and their dates come back by what was planned beyond."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.errors import NotAllowed, Stale, WrongStatus
from complaints.models import Complaint
from complaints.pausing import resume
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.complaints.test_pause import LATER, PLANNED, WITHOUT, resolution, waiting  # noqa: F401
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


@pytest.mark.parametrize(("days", "due_on"), [(0, WITHOUT), (1, date(2026, 3, 10)), (2, date(2026, 3, 11))])
def test_the_date_comes_back_by_the_days_that_were_not_needed(
    waiting: Complaint,  # noqa: F811
    cast: Cast,
    days: int,
    due_on: date,
) -> None:
    with time_machine.travel(LATER + timedelta(days=days, hours=5), tick=False):
        case = resume(waiting, actor=cast.fiona)
    assert resolution(case).due_on == due_on < PLANNED
    assert case.pauses.get().ended_at == LATER + timedelta(days=days, hours=5)


def test_after_the_planned_day_there_is_nothing_to_do(waiting: Complaint, cast: Cast) -> None:  # noqa: F811
    with time_machine.travel(LATER + timedelta(days=3), tick=False), pytest.raises(WrongStatus):
        resume(waiting, actor=cast.fiona)


def test_a_pause_ends_once(waiting: Complaint, cast: Cast) -> None:  # noqa: F811
    with time_machine.travel(LATER, tick=False):
        resume(waiting, actor=cast.fiona)
        with pytest.raises(WrongStatus):
            resume(waiting, actor=cast.fiona)


def test_only_the_owner_or_a_supervisor(waiting: Complaint, cast: Cast) -> None:  # noqa: F811
    with time_machine.travel(LATER, tick=False):
        with pytest.raises(NotAllowed):
            resume(waiting, actor=cast.frank)
        assert resume(waiting, actor=cast.sam)


def test_both_histories_tell_it(waiting: Complaint, cast: Cast) -> None:  # noqa: F811
    with time_machine.travel(LATER, tick=False):
        assert both_histories_tell(resume(waiting, actor=cast.sam), Verb.RESUME, cast.sam)


def test_a_stale_page_is_refused(waiting: Complaint, cast: Cast) -> None:  # noqa: F811
    with time_machine.travel(LATER, tick=False), pytest.raises(Stale):
        resume(waiting, actor=cast.fiona, version=1)


def test_the_page_says_until_when_and_does_it(waiting: Complaint, as_: As) -> None:  # noqa: F811
    with time_machine.travel(LATER, tick=False):
        assert "2月14日" in as_("fiona").get(address(waiting, "resume")).content.decode()
        assert do(as_("fiona"), waiting, "resume").status_code == 302
    assert fresh(waiting).pauses.get().ended_at == LATER


def test_outsiders_find_nothing(waiting: Complaint, as_: As) -> None:  # noqa: F811
    assert outsiders_find_nothing(as_("grace"), waiting, "resume")

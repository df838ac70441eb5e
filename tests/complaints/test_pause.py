"""Pause: while the case waits for what is in other hands, the clocks stand still that may; the end is planned at once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.errors import Invalid, NotAllowed, Stale, WrongStatus
from complaints.correspondence import respond
from complaints.integrity import Proof, broken
from complaints.lifecycle import investigate, resolve, withdraw
from complaints.models import Complaint
from complaints.pausing import pause, resume
from complaints.proofs import proof
from complaints.states import Verb
from sla.models import Clock
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.complaints.test_guards import refused
from tests.conftest import NOW, Cast, decided, established, said
from tests.sla.test_matching import in_force

Register = Callable[..., Complaint]
As = Callable[[str], Client]
UNTIL = date(2026, 2, 14)  # a make-up day; the 11th to the 13th do not count
WITHOUT, PLANNED = date(2026, 3, 9), date(2026, 3, 12)
LATER = NOW + timedelta(days=1)  # the 11th at ten
GIVEN = {"waits_for": "customer", "reason": "请客户补充交易凭证", "until_on": "2026-02-14"}


@pytest.fixture
def waiting(register: Register, cast: Cast) -> Complaint:
    """A complaint of fiona's, answered at once and paused a day later, from the 11th until the 14th begins."""
    with time_machine.travel(NOW, tick=False):
        case = respond(register("fiona"), said(), actor=cast.fiona)
    with time_machine.travel(LATER, tick=False):
        return pause(case, "customer", "请客户补充交易凭证", UNTIL, actor=cast.fiona)


def resolution(case: Complaint) -> Clock:
    found: Clock = case.clocks.get(target="resolution")
    return found


def test_the_date_is_at_once_the_one_that_results(waiting: Complaint) -> None:
    assert (resolution(waiting).due_on, waiting.due_at) == (PLANNED, resolution(waiting).due_at)


def test_the_event_tells_the_old_and_the_new_date_and_why(waiting: Complaint) -> None:
    event = waiting.events.first()
    assert event is not None
    (told,) = event.facts["clocks"]
    assert (told["from"], told["due_at"]) == ("2026-03-09T16:00:00+00:00", "2026-03-12T16:00:00+00:00")
    assert (event.facts["waits_for"], event.facts["until_on"]) == ("customer", "2026-02-14")


def test_nothing_has_to_wake_up_for_the_clock_to_run_again(waiting: Complaint) -> None:
    clock = resolution(waiting)
    assert clock.paused(LATER + timedelta(days=2))
    assert not clock.paused(LATER + timedelta(days=3))
    assert clock.is_overdue(clock.due_at)


def test_the_proof_agrees_and_shows_the_days(waiting: Complaint) -> None:
    found = proof(resolution(waiting), UNTIL)
    assert (found.agrees, found.paused) == (True, 3)


def test_what_is_statutory_runs_on(register: Register, cast: Cast) -> None:
    law = {"target": "statutory_resolution", "amount": 15, "unit": "days", "is_statutory": True}
    in_force("law", law)
    with time_machine.travel(NOW, tick=False):
        case = pause(register("fiona"), "appraisal", "送检", UNTIL, actor=cast.fiona)
    assert case.clocks.get(target="statutory_resolution").pauses == []
    assert resolution(case).due_on > WITHOUT


def test_a_clock_whose_policy_allows_less_runs_again_sooner(register: Register, cast: Cast) -> None:
    in_force("brief", {"target": "promise", "amount": 20, "unit": "days", "pausable_days": 2})
    with time_machine.travel(NOW, tick=False):
        case = pause(register("fiona"), "appraisal", "送检", UNTIL, actor=cast.fiona)
    assert case.clocks.get(target="promise").due_on == date(2026, 3, 3)  # the day of receipt counts for nothing anyway


def test_no_policy_that_allows_it_no_pause(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(days=60), tick=False), pytest.raises(WrongStatus):
        pause(case, "customer", "等材料", date(2026, 4, 20), actor=cast.fiona)


def test_not_twice_at_once(waiting: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATER, tick=False), pytest.raises(WrongStatus):
        pause(waiting, "customer", "等材料", UNTIL, actor=cast.fiona)


def test_all_pauses_together_stay_within_what_the_policy_allows(waiting: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATER + timedelta(days=4), tick=False):  # the 15th; three of thirty days are used
        with pytest.raises(Invalid):
            pause(waiting, "customer", "仍在等", date(2026, 3, 15), actor=cast.fiona)
        again = pause(waiting, "customer", "仍在等", date(2026, 3, 14), actor=cast.fiona)
    assert len(resolution(again).pauses) == 2


@pytest.mark.parametrize("until_on", [date(2026, 2, 10), date(2026, 3, 13)])
def test_it_ends_after_today_and_within_what_the_policy_allows(register: Register, cast: Cast, until_on: date) -> None:
    with time_machine.travel(NOW, tick=False), pytest.raises(Invalid) as refused:
        pause(register("fiona"), "customer", "等材料", until_on, actor=cast.fiona)
    assert "until_on" in refused.value.errors


@pytest.mark.parametrize(("waits_for", "reason", "field"), [("rain", "等", "waits_for"), ("customer", " ", "reason")])
def test_it_says_what_the_case_waits_for(
    register: Register, cast: Cast, waits_for: str, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        pause(register("fiona"), waits_for, reason, UNTIL, actor=cast.fiona)
    assert field in refused.value.errors


def test_the_evidence_is_a_file_of_the_case(register: Register, cast: Cast, waiting: Complaint) -> None:
    with time_machine.travel(NOW, tick=False), pytest.raises(Invalid) as refused:
        pause(register("fiona"), "customer", "等", UNTIL, actor=cast.fiona, evidence=cast.fiona.pk)  # type: ignore[arg-type]
    assert "evidence" in refused.value.errors


def test_an_outcome_ends_it_in_the_same_deed(waiting: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATER + timedelta(days=1), tick=False):
        case = resolve(investigate(waiting, established(), actor=cast.fiona), decided(), actor=cast.fiona)
    assert case.pauses.get().ended_at == LATER + timedelta(days=1)
    assert (resolution(case).due_on, resolution(case).breached_at) == (date(2026, 3, 10), None)


def test_a_withdrawal_ends_it_too(waiting: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATER + timedelta(days=1), tick=False):
        assert withdraw(waiting, "客户来电撤回", actor=cast.fiona).pauses.get().ended_at is not None


@pytest.mark.parametrize("change", ["until_on = until_on + 1", "reason = ''", "paused_at = now()", "by_id = by_id + 1"])
def test_a_pause_stays_as_it_was_recorded(waiting: Complaint, change: str) -> None:
    assert "ended once" in refused(f"UPDATE complaints_pause SET {change}")


def test_a_pause_is_ended_once_and_never_removed(waiting: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATER, tick=False):
        resume(waiting, actor=cast.fiona)
    assert "ended once" in refused("UPDATE complaints_pause SET ended_at = NULL")
    assert "append-only" in refused("DELETE FROM complaints_pause")


def test_a_clock_whose_term_allows_no_pause_takes_none(waiting: Complaint) -> None:
    spans = """'[["2026-02-10T02:00:00+00:00", "2026-02-12T02:00:00+00:00"]]'"""
    assert refused(f"UPDATE sla_clock SET pauses = {spans} WHERE target = 'response'")


def test_only_the_owner_or_a_supervisor(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        pause(register("fiona"), "customer", "等材料", UNTIL, actor=cast.frank)


def test_both_histories_tell_it(waiting: Complaint, cast: Cast) -> None:
    assert both_histories_tell(waiting, Verb.PAUSE, cast.fiona)


def test_the_histories_prove_it_whole(waiting: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATER + timedelta(days=1), tick=False):
        resume(waiting, actor=cast.sam)
    assert list(broken(Proof())) == []


def test_a_stale_page_is_refused(waiting: Complaint, cast: Cast) -> None:
    with time_machine.travel(LATER + timedelta(days=5), tick=False), pytest.raises(Stale):
        pause(waiting, "customer", "等材料", UNTIL, actor=cast.fiona, version=1)


@time_machine.travel(NOW, tick=False)
def test_the_page_names_what_is_paused_and_does_it(register: Register, as_: As) -> None:
    case = register("fiona")
    assert "最迟 3月12日" in as_("fiona").get(address(case, "pause")).content.decode()
    assert do(as_("fiona"), case, "pause", **GIVEN).status_code == 302
    page = as_("fiona").get(fresh(case).get_absolute_url()).content.decode()
    assert "已中止" in page
    assert "请客户补充交易凭证" in page


@time_machine.travel(NOW, tick=False)
def test_a_list_says_that_it_is_paused(register: Register, as_: As) -> None:
    case = register("fiona")
    do(as_("fiona"), case, "respond", means="phone", delivery="delivered", body="已说明。")
    do(as_("fiona"), case, "pause", **GIVEN)
    assert "已中止" in as_("fiona").get("/complaints/").content.decode()


def test_a_day_too_late_comes_back_as_an_error(register: Register, as_: As) -> None:
    answer = do(as_("fiona"), register("fiona"), "pause", **GIVEN | {"until_on": "2099-01-01"})
    assert answer.status_code == 422
    assert "请客户补充交易凭证" in answer.content.decode()


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "pause")

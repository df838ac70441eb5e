"""The two histories of a case: one event a deed, one row a deed, the same person and the same word in both."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine

from complaints.correspondence import note, respond, reveal
from complaints.escalation import escalate
from complaints.evidence import attach
from complaints.lifecycle import close, investigate, reopen, resolve, withdraw
from complaints.models import CaseEvent, Complaint
from complaints.ownership import accept, assign, decline, hand_over, recall, remind, take
from complaints.pausing import pause, resume
from tests.complaints.test_case_page import a_file
from tests.conftest import NOW, Cast, decided, established, said

Register = Callable[..., Complaint]


# Every deed but the withdrawal, by different people, in an order in which each is possible.
LIFE: tuple[tuple[str, Callable[[Complaint, Cast], object]], ...] = (
    ("escalate", lambda case, cast: escalate(case.clocks.get(target="response"), actor=cast.system)),
    ("respond", lambda case, cast: respond(case, said(), actor=cast.fiona)),
    ("hand over", lambda case, cast: hand_over(case, cast.hank, "一", actor=cast.fiona)),
    ("decline", lambda case, cast: decline(case, "二", actor=cast.hank)),
    ("hand over again", lambda case, cast: hand_over(case, cast.hank, "三", actor=cast.fiona)),
    ("recall", lambda case, cast: recall(case, actor=cast.fiona)),
    ("hand over once more", lambda case, cast: hand_over(case, cast.hank, "四", actor=cast.fiona)),
    ("accept", lambda case, cast: accept(case, actor=cast.hank)),
    ("note", lambda case, cast: note(case, "五", actor=cast.helen)),
    ("attach", lambda case, cast: attach(case, a_file(), actor=cast.hank)),
    ("reveal", lambda case, cast: reveal(case, "name", "六", actor=cast.sam)),
    ("remind", lambda case, cast: remind(case, "七", actor=cast.carol)),
    ("take", lambda case, cast: take(case, actor=cast.helen)),
    ("assign", lambda case, cast: assign(case, cast.hank, actor=cast.olivia)),
    ("pause", lambda case, cast: pause(case, "customer", "十", date(2026, 2, 20), actor=cast.hank)),
    ("resume", lambda case, cast: resume(case, actor=cast.sam)),
    ("pause again", lambda case, cast: pause(case, "customer", "十一", date(2026, 2, 20), actor=cast.hank)),
    ("investigate", lambda case, cast: investigate(case, established(), actor=cast.hank)),
    ("resolve", lambda case, cast: resolve(case, decided(), actor=cast.hank)),
    ("close", lambda case, cast: close(case, actor=cast.sam)),
    ("reopen", lambda case, cast: reopen(case, "八", actor=cast.fiona)),
    ("withdraw", lambda case, cast: withdraw(case, "九", actor=cast.hank)),
)


def a_long_life(register: Register, cast: Cast, deeds: int = len(LIFE) - 1) -> Complaint:
    """A complaint after so many deeds of its life, the registration aside."""
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(hours=30)):
        for _name, act in LIFE[:deeds]:
            act(Complaint.objects.get(pk=case.pk), cast)
    return case


def told_to_run(case: Complaint) -> dict[str, datetime]:
    """The clocks that run as the case history tells it: the deadline of each target promised and not stopped since."""
    running: dict[str, datetime] = {}
    for event in case.events.order_by("seq"):
        for clock in event.facts.get("clocks", []):
            if "stopped_at" in clock:
                del running[clock["target"]]
            else:
                running[clock["target"]] = datetime.fromisoformat(clock["due_at"])
    return running


@pytest.mark.parametrize("deeds", range(len(LIFE) + 1), ids=["register", *(name for name, _act in LIFE)])
def test_the_deadline_on_the_complaint_is_the_strictest_of_its_clocks(
    register: Register, cast: Cast, deeds: int
) -> None:
    case = Complaint.objects.get(pk=a_long_life(register, cast, deeds).pk)
    running = {clock.target: clock.due_at for clock in case.clocks.filter(stopped_at=None)}
    assert told_to_run(case) == running
    strictest = min(running.items(), key=lambda clock: clock[1], default=("", None))
    assert (case.due_target, case.due_at) == strictest


def test_every_deed_stands_in_both_under_the_same_name_and_word(register: Register, cast: Cast) -> None:
    case = a_long_life(register, cast)
    told = [(event.seq, event.verb, event.actor_id) for event in case.events.exclude(verb="breach").order_by("seq")]
    kept = [
        (row.history_seq, row.history_change_reason, row.history_user_id)
        for row in case.history.order_by("history_seq")
    ]
    assert told == kept


def test_the_events_count_without_gaps_and_each_hash_rests_on_the_one_before(register: Register, cast: Cast) -> None:
    case = a_long_life(register, cast)
    case.refresh_from_db()
    previous = b""
    for number, event in enumerate(case.events.order_by("seq"), 1):
        assert event.seq == number
        assert bytes(event.hash) == event.digest(previous)
        previous = bytes(event.hash)
    assert (case.history_seq, bytes(case.history_head)) == (number, previous)


def test_the_status_after_each_deed_is_the_rows_status(register: Register, cast: Cast) -> None:
    case = a_long_life(register, cast)
    rows = {row.history_seq: row.status for row in case.history.all()}
    assert all(rows[event.seq] == event.status for event in case.events.exclude(verb="breach"))


def test_the_last_row_of_history_is_the_complaint(register: Register, cast: Cast) -> None:
    case = a_long_life(register, cast)
    case.refresh_from_db()
    last = case.history.first()
    for name in ("status", "owner_id", "first_responder_id", "offered_to_id", "due_at", "version", "history_seq"):
        assert getattr(last, name) == getattr(case, name)


def test_no_event_holds_personal_data_of_the_complainant(register: Register, cast: Cast) -> None:
    a_long_life(register, cast)
    for event in CaseEvent.objects.all():
        assert "13812341111" not in str(event.facts)
        assert "王小明" not in str(event.facts)

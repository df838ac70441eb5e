"""The two histories of a case: one event a deed, one row a deed, the same person and the same word in both."""

from collections.abc import Callable
from datetime import timedelta

import time_machine

from complaints.correspondence import note, respond, reveal
from complaints.evidence import attach
from complaints.lifecycle import close, investigate, reopen, resolve
from complaints.models import CaseEvent, Complaint
from complaints.ownership import accept, assign, decline, escalate, hand_over, recall, remind, take
from tests.complaints.test_case_page import a_file
from tests.conftest import NOW, Cast, decided, established, said

Register = Callable[..., Complaint]


def a_long_life(register: Register, cast: Cast) -> Complaint:
    """Every deed but the withdrawal, by different people."""
    with time_machine.travel(NOW, tick=False):
        case = register("fiona")
    with time_machine.travel(NOW + timedelta(hours=30)):
        escalate(case.clocks.get(target="response"), actor=cast.system)
        respond(case, said(), actor=cast.fiona)
        hand_over(case, cast.hank, "一", actor=cast.fiona)
        decline(case, "二", actor=cast.hank)
        hand_over(case, cast.hank, "三", actor=cast.fiona)
        recall(case, actor=cast.fiona)
        hand_over(case, cast.hank, "四", actor=cast.fiona)
        accept(case, actor=cast.hank)
        note(case, "五", actor=cast.helen)
        attach(case, a_file(), actor=cast.hank)
        reveal(case, "name", "六", actor=cast.sam)
        remind(case, "七", actor=cast.carol)
        take(case, actor=cast.helen)
        assign(case, cast.hank, actor=cast.olivia)
        investigate(case, established(), actor=cast.hank)
        resolve(case, decided(), actor=cast.hank)
        close(case, actor=cast.sam)
        reopen(case, "八", actor=cast.fiona)
    return case


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

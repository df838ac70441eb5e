"""What no program may do: each trigger and each constraint refuses, whoever holds the connection."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.errors import Invalid
from accounts.models import ApiToken
from complaints.correspondence import note, respond
from complaints.lifecycle import close, reopen, withdraw
from complaints.models import CaseEvent, Cause, Complaint, Handover, Note, Product
from complaints.models.reading import OutsideTheDoor
from complaints.ownership import accept, hand_over
from complaints.tasks import due_clocks, record_breaches
from sla.models import Calendar, CalendarDay, CalendarVersion, Policy
from tests.conftest import Cast, said

Register = Callable[..., Complaint]


def refused(statement: str, *values: Any) -> str:
    """Run raw SQL that must fail, also at commit; the database's own words."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what would be checked at commit is checked at once
        with pytest.raises(DatabaseError) as error, transaction.atomic():
            cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return str(error.value)


def test_events_are_neither_changed_nor_removed(register: Register) -> None:
    case = register("fiona")
    assert "append-only" in refused("UPDATE complaints_caseevent SET facts = '{}' WHERE complaint_id = %s", case.pk)
    assert "append-only" in refused("DELETE FROM complaints_caseevent WHERE complaint_id = %s", case.pk)
    assert "append-only" in refused("TRUNCATE complaints_caseevent CASCADE")


def test_notes_are_neither_changed_nor_removed(register: Register, cast: Cast) -> None:
    note(register("fiona"), "备注", actor=cast.fiona)
    assert "append-only" in refused("UPDATE complaints_note SET body = ''")
    with pytest.raises(DatabaseError), transaction.atomic():
        Note.objects.all().delete()


@pytest.mark.parametrize(
    "table", ["complaint", "complainant", "message", "handover", "finding", "outcome", "cause", "product"]
)
def test_row_histories_are_append_only(resolved: Complaint, cast: Cast, table: str) -> None:
    Cause.objects.create(code="T1", name="甲")
    Product.objects.create(code="P1", name="乙")
    hand_over(reopen(resolved, "客户不认可", actor=cast.fiona), cast.hank, "原因", actor=cast.fiona)
    assert "append-only" in refused(f"UPDATE complaints_historical{table} SET history_change_reason = ''")
    assert "append-only" in refused(f"DELETE FROM complaints_historical{table}")
    assert "append-only" in refused(f"TRUNCATE complaints_historical{table}")


@pytest.mark.parametrize("table", ["complaint", "complainant", "message", "finding", "outcome"])
def test_what_a_case_is_made_of_is_never_deleted(resolved: Complaint, table: str) -> None:
    assert "append-only" in refused(f"DELETE FROM complaints_{table}")


def test_a_complaint_changes_only_with_an_event(register: Register) -> None:
    case = register("fiona")
    assert "only through a verb" in refused("UPDATE complaints_complaint SET status = 'closed' WHERE id = %s", case.pk)


def test_counting_up_without_an_event_is_refused_at_commit(register: Register) -> None:
    case = register("fiona")
    words = refused("UPDATE complaints_complaint SET history_seq = history_seq + 1 WHERE id = %s", case.pk)
    assert "is not in its history" in words


@pytest.mark.parametrize("column", ["first_responder_id", "registered_at", "reference", "complainant_id"])
def test_some_of_it_is_set_once(register: Register, cast: Cast, column: str) -> None:
    case, other = register("fiona"), register("walter")
    value = {
        "first_responder_id": cast.sam.pk,
        "registered_at": timezone.now(),
        "reference": "TS20000101-000001",
        "complainant_id": str(other.complainant_id),
    }[column]
    words = refused(
        f"UPDATE complaints_complaint SET {column} = %s, history_seq = history_seq + 1 WHERE id = %s",
        value,
        case.pk,
    )
    assert "set once" in words


def test_the_customers_words_are_never_rewritten(register: Register) -> None:
    case = register("fiona", narrative="原话")
    words = refused(
        "UPDATE complaints_complaint SET narrative = '', history_seq = history_seq + 1 WHERE id = %s", case.pk
    )
    assert "never rewritten" in words


def test_a_breach_is_neither_cleared_nor_moved(register: Register) -> None:
    case = register("fiona", received_at=timezone.now() - timedelta(days=2))
    for handful in due_clocks():
        record_breaches(handful)
    clock = case.clocks.get(target="response")
    assert "never cleared" in refused("UPDATE sla_clock SET breached_at = NULL WHERE id = %s", clock.pk)
    assert "never cleared" in refused("UPDATE sla_clock SET detected_at = now() WHERE id = %s", clock.pk)
    assert "never cleared" in refused(
        "UPDATE sla_clock SET due_at = now(), breached_at = now() WHERE id = %s", clock.pk
    )
    assert "published" in refused("DELETE FROM sla_clock WHERE id = %s", clock.pk)


@pytest.mark.parametrize(
    "change",
    [
        "due_at = due_at + interval '1 day'", "due_on = due_on + 1", "started_at = started_at - interval '1 day'",
        "amount = amount + 1", "unit = 'days'", "target = 'x'", "provisional = NOT provisional",
        "term_id = term_id + 1", "pauses = '[[]]'",
        "calendar_version_id = calendar_version_id + 1", "complaint_id = complaint_id + 1",
    ],
)  # fmt: skip
def test_a_running_deadline_is_not_moved(register: Register, change: str) -> None:
    clock = register("fiona").clocks.get(target="response")
    assert "never moved" in refused(f"UPDATE sla_clock SET {change} WHERE id = %s", clock.pk)


@pytest.mark.parametrize("change", ["amount = 48", "unit = 'days'", "target = 'x'", "extendable_to = 90"])
def test_a_term_stays_as_it_was_approved(db: None, change: str) -> None:
    assert "append-only" in refused(f"UPDATE sla_term SET {change} WHERE target = 'response'")
    assert "append-only" in refused("DELETE FROM sla_term WHERE target = 'response'")


@pytest.mark.parametrize("change", ["from_on = from_on + 1", "until_on = now()", "name = ''", "decision = 'declined'"])
def test_a_policy_stays_as_it_was_approved(db: None, change: str) -> None:
    assert "is decided" in refused(f"UPDATE sla_policy SET {change} WHERE code = 'house'")
    assert "append-only" in refused("DELETE FROM sla_policy WHERE code = 'house'")


def test_a_policy_that_is_decided_gets_no_more_terms(db: None) -> None:
    sql = "INSERT INTO sla_term (policy_id, target, amount, unit, starts, stops, is_statutory, reopening)"
    assert "is decided" in refused(
        f"{sql} SELECT id, 'progress', 1, 'days', 'received', 'informed', false, 'ends' FROM sla_policy WHERE code = 'house'"
    )


def test_a_draft_is_decided_and_never_edited(db: None) -> None:
    assert "never edited" in refused("UPDATE sla_policy SET from_on = from_on + 1 WHERE code = 'bank-insurer'")


def test_nobody_approves_a_draft_of_their_own(cast: Cast) -> None:
    draft = Policy(code="x", name="x", from_on=timezone.localdate(), drafted_by=cast.fiona, decided_by=cast.fiona,
                   decided_at=timezone.now(), decision="approved")  # fmt: skip
    with pytest.raises(IntegrityError, match="policy_approved_by_another"):
        draft.save()


@pytest.mark.parametrize(
    "change",
    ["offered_to_id = offered_by_id", "offered_by_id = offered_to_id", "reason = ''", "complaint_id = complaint_id + 1",
     "offered_at = now()", "unit_id = unit_id + 1"],
)  # fmt: skip
def test_an_offer_stays_as_it_was_made(register: Register, cast: Cast, change: str) -> None:
    hand_over(register("fiona"), cast.hank, "原因", actor=cast.fiona)
    assert "answered once" in refused(f"UPDATE complaints_handover SET {change}")


def test_an_offer_is_answered_once(register: Register, cast: Cast) -> None:
    accept(hand_over(register("fiona"), cast.hank, "原因", actor=cast.fiona), actor=cast.hank)
    assert "answered once" in refused("UPDATE complaints_handover SET answer = 'declined'")


@pytest.mark.parametrize("change", ["unit_id = unit_id + 1", "at = now()", "step = 2", "clock_id = clock_id + 1"])
def test_an_escalation_stays_as_it_was_recorded(register: Register, change: str) -> None:
    register("fiona", received_at=timezone.now() - timedelta(days=2))
    for handful in due_clocks():
        record_breaches(handful)
    assert "append-only" in refused(f"UPDATE complaints_escalation SET {change}")


@pytest.mark.parametrize("table", ["unit", "user", "membership", "apitoken"])
def test_the_histories_of_people_and_units_are_append_only(cast: Cast, table: str) -> None:
    ApiToken.issue(cast.fiona, actor=cast.fiona, expires_at=timezone.now())
    assert "append-only" in refused(f"UPDATE accounts_historical{table} SET history_user_id = NULL")
    assert "append-only" in refused(f"DELETE FROM accounts_historical{table}")
    assert "append-only" in refused(f"TRUNCATE accounts_historical{table}")


@pytest.mark.parametrize(("table", "row"), [("policy", Policy), ("calendar", Calendar)])
def test_the_histories_of_policies_and_calendars_are_append_only(
    db: None, table: str, row: type[Policy | Calendar]
) -> None:
    row.objects.create(code="another", **({"name": "x", "from_on": timezone.localdate()} if row is Policy else {}))
    assert "append-only" in refused(f"UPDATE sla_historical{table} SET history_user_id = NULL")
    assert "append-only" in refused(f"DELETE FROM sla_historical{table}")
    assert "append-only" in refused(f"TRUNCATE sla_historical{table}")


@pytest.mark.parametrize("table", ["calendar", "calendarversion", "calendarday", "clock", "policy", "term"])
def test_calendars_policies_and_clocks_are_never_emptied(db: None, table: str) -> None:
    assert "append-only" in refused(f"TRUNCATE sla_{table} CASCADE")


def test_a_stopped_clock_does_not_change(register: Register, cast: Cast) -> None:
    clock = respond(register("fiona"), said(), actor=cast.fiona).clocks.get(target="response")
    assert "does not change" in refused("UPDATE sla_clock SET stopped_at = NULL WHERE id = %s", clock.pk)


@pytest.mark.parametrize("column", ["owner_unit_id", "registered_unit_id", "about_unit_id"])
def test_a_clock_carries_no_other_units_than_its_complaint(register: Register, cast: Cast, column: str) -> None:
    case = respond(register("fiona"), said(), actor=cast.fiona)
    for clock in case.clocks.all():  # one has stopped, one runs
        words = refused(f"UPDATE sla_clock SET {column} = %s WHERE id = %s", cast.unit["W1"].pk, clock.pk)
        assert "clock_units_are_the_complaints" in words


def test_a_late_stop_without_a_breach_cannot_be_stored(register: Register) -> None:
    clock = register("fiona").clocks.get(target="response")
    words = refused("UPDATE sla_clock SET stopped_at = due_at + interval '1 second' WHERE id = %s", clock.pk)
    assert "clock_late_stop_is_breach" in words


def test_a_breach_is_dated_at_the_deadline_or_not_at_all(register: Register) -> None:
    clock = register("fiona").clocks.get(target="response")
    words = refused(
        "UPDATE sla_clock SET breached_at = due_at + interval '1 hour', detected_at = due_at + interval '2 hour'"
        " WHERE id = %s",
        clock.pk,
    )
    assert "clock_breach_dated_at_deadline" in words


def test_a_target_has_one_running_clock(register: Register) -> None:
    clock = register("fiona").clocks.get(target="response")
    clock.pk = None
    with pytest.raises(IntegrityError, match="one_running_clock_per_target"), transaction.atomic():
        clock.save(force_insert=True)


def test_a_calendar_is_never_edited_once_it_is_published(db: None) -> None:
    for rows, change in ((CalendarVersion.objects, {"source": "x"}), (CalendarDay.objects, {"works": True})):
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_one_offer_waits_at_a_time(register: Register, cast: Cast) -> None:
    offer = hand_over(register("fiona"), cast.hank, "原因", actor=cast.fiona).handovers.get()
    offer.pk = None
    with pytest.raises(IntegrityError, match="one_pending_handover"), transaction.atomic():
        offer.save(force_insert=True)
    assert Handover.objects.count() == 1


def test_an_event_number_is_used_once(register: Register) -> None:
    event = register("fiona").events.get()
    event.pk = None
    with pytest.raises(IntegrityError, match="one_event_per_number"), transaction.atomic():
        event.save(force_insert=True)
    assert CaseEvent.objects.count() == 1


def test_an_open_case_has_exactly_one_owner(register: Register, cast: Cast) -> None:
    case = register("fiona", staff_complained_about=cast.grace)
    moved = "UPDATE complaints_complaint SET {}, history_seq = history_seq + 1 WHERE id = %s"
    assert "owner_id" in refused(moved.format("owner_id = NULL"), case.pk)
    assert "complaint_owner_not_complained_about" in refused(moved.format(f"owner_id = {cast.grace.pk}"), case.pk)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("status = 'lost'", "complaint_status_known"),
        ("channel = 'pigeon'", "complaint_channel_known"),
        ("received_at = registered_at + interval '1 second'", "complaint_received_before_registered"),
        ("claimed_amount = -1", "complaint_amount_not_negative"),
    ],
)
def test_what_cannot_be_true_cannot_be_stored(register: Register, change: str, constraint: str) -> None:
    case = register("fiona")
    statement = f"UPDATE complaints_complaint SET {change}, history_seq = history_seq + 1 WHERE id = %s"
    assert constraint in refused(statement, case.pk)


def test_an_ended_case_has_no_offer(resolved: Complaint, cast: Cast) -> None:
    case = close(resolved, actor=cast.fiona)
    words = refused(
        "UPDATE complaints_complaint SET offered_to_id = %s, history_seq = history_seq + 1 WHERE id = %s",
        cast.hank.pk,
        case.pk,
    )
    assert "complaint_ended_without_offer" in words


def test_saving_outside_the_door_is_refused(register: Register) -> None:
    case = register("fiona")
    case.status = "closed"
    with pytest.raises(OutsideTheDoor):
        case.save()


def test_the_queryset_neither_updates_nor_deletes(register: Register, cast: Cast) -> None:
    case = register("fiona")
    seen = Complaint.objects.visible_to(cast.fiona)
    for forbidden in (lambda: seen.update(status="closed"), seen.delete, case.delete):
        with pytest.raises(OutsideTheDoor):
            forbidden()


def test_people_and_units_of_a_case_are_protected(register: Register, cast: Cast) -> None:
    register("fiona")
    with pytest.raises(ProtectedError):
        cast.fiona.delete()
    with pytest.raises(ProtectedError):
        cast.unit["E1"].delete()


def test_nothing_is_left_behind_when_a_deed_fails(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Invalid):
        withdraw(case, "客户撤回", actor=cast.fiona, at=case.received_at - timedelta(days=1))
    case.refresh_from_db()
    assert (case.status, case.events.count(), case.history.count()) == ("registered", 1, 1)

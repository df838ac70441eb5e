"""Whoever changes, removes, swaps or adds a row behind the verbs' back is found, though they own its tables."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from complaints import drafting
from complaints.correspondence import note, respond
from complaints.evidence import attach, attach_to_draft
from complaints.intake import Intake
from complaints.intake import register as register_now
from complaints.integrity import Broken, Proof, broken
from complaints.lifecycle import close, reopen
from complaints.models import CaseEvent, Complaint, Evidence
from complaints.ownership import accept, decline, hand_over
from complaints.tasks import due_clocks, record_breaches
from tests.conftest import Cast, said


def found() -> list[Broken]:
    return list(broken(Proof()))


def tamper(query: str, *values: Any) -> None:
    """As the owner of the tables: every trigger of ours off, and every foreign key gone."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text ~ '^(complaints|sla)_'"
            " UNION ALL SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', tgrelid::regclass) FROM pg_trigger"
            " WHERE NOT tgisinternal GROUP BY tgrelid"
        )
        cursor.execute("; ".join(line for (line,) in cursor.fetchall()) or "SELECT")
        cursor.execute(query, values)
        assert cursor.rowcount > 0


@pytest.fixture
def case(resolved: Complaint, register: Callable[..., Complaint], cast: Cast) -> Complaint:
    """A complaint with a long life, beside others."""
    register("walter", received_at=timezone.now() - timedelta(days=9))
    for clocks in due_clocks():
        record_breaches(clocks)
    done = reopen(close(resolved, actor=cast.fiona), "客户补充了证据", actor=cast.fiona)
    hand_over(done, cast.hank, "卡中心的业务", actor=cast.fiona)
    decline(done, "不属于卡业务", actor=cast.hank)
    hand_over(done, cast.helen, "卡中心的业务", actor=cast.fiona)
    note(accept(done, actor=cast.helen), "已联系客户", actor=cast.helen)
    return respond(done, said(), actor=cast.fiona)


def test_what_the_verbs_did_holds(case: Complaint) -> None:
    assert found() == []


def test_it_looks_at_everything(case: Complaint) -> None:
    proof = Proof()
    list(broken(proof))
    assert (proof.complaints, proof.events) == (2, CaseEvent.objects.count())
    assert proof.rows > 10


EVENT, CASE, KEPT = "complaints_caseevent", "complaints_complaint", "complaints_historicalcomplaint"
THIRD = "WHERE complaint_id = %s AND seq = 3"
HERS = "WHERE complaint_id = %s"
PERSON = "WHERE id = (SELECT complainant_id FROM complaints_complaint WHERE id = %s)"
ROW = "WHERE id = %s AND history_seq = 3"


@pytest.mark.parametrize(
    ("attack", "what"),
    [
        (f'UPDATE {EVENT} SET facts = facts || \'{{"founded": "no"}}\' {THIRD}', "hash"),
        (f"UPDATE {EVENT} SET at = at - interval '1 microsecond' {THIRD}", "hash"),
        (f"UPDATE {EVENT} SET actor_id = actor_id + 1 {THIRD}", "hash"),
        (f"UPDATE {EVENT} SET status = 'closed' {THIRD}", "hash"),
        (f"UPDATE {EVENT} SET verb = 'note' {THIRD}", "hash"),
        (f"DELETE FROM {EVENT} {THIRD}", "gap"),
        (f"DELETE FROM {EVENT} {HERS} AND seq >= 10", "head"),
        (f"DELETE FROM {EVENT} {HERS}", "head"),
        (f"UPDATE {EVENT} SET seq = 1000 - seq {HERS}", "gap"),
        (f"UPDATE {CASE} SET status = 'closed' WHERE id = %s", "status"),
        (f"UPDATE {CASE} SET owner_id = first_responder_id WHERE id = %s", "differs"),
        (f"UPDATE {CASE} SET received_at = received_at - interval '1 day' WHERE id = %s", "differs"),
        (f"UPDATE {CASE} SET history_seq = 3 WHERE id = %s", "head"),
        (f"DELETE FROM {CASE} WHERE id = %s", "gone"),
        (f"DELETE FROM {KEPT} {ROW}", "no_row"),
        (f"UPDATE {KEPT} SET history_user_id = history_user_id + 1 {ROW}", "other_deed"),
        (f"UPDATE {KEPT} SET history_seq = 99 {ROW}", "no_event"),
        (
            f"INSERT INTO {KEPT} SELECT (jsonb_populate_record(h, '{{\"history_id\": 999999}}')).* FROM {KEPT} h {ROW}",
            "twice",
        ),
        (f"DELETE FROM complaints_historicalmessage {HERS}", "untold"),
        (f"UPDATE complaints_message SET body = '一切都好' {HERS}", "differs"),
        (f"DELETE FROM complaints_message {HERS}", "gone"),
        (f"DELETE FROM complaints_note {HERS}", "names_nothing"),
        (
            f"INSERT INTO complaints_note (complaint_id, body, at, by_id)"
            f" SELECT id, '伪造', now(), owner_id FROM {CASE} WHERE id = %s",
            "unnamed",
        ),
        (f"UPDATE complaints_finding SET founded = 'no' {HERS}", "differs"),
        (f"UPDATE complaints_outcome SET redress_amount = 1 {HERS}", "differs"),
        (f"UPDATE complaints_handover SET answer = 'accepted' {HERS}", "differs"),
        (f"UPDATE complaints_complainant SET kind = 'firm' {PERSON}", "differs"),
        (f"UPDATE complaints_complainant SET phone = '\\x00' {PERSON}", "differs"),
    ],
)
def test_every_attack_is_found(case: Complaint, attack: str, what: str) -> None:
    tamper(attack, case.pk)
    assert what in {row.what for row in found()}


def test_a_note_rewritten_is_found(case: Complaint) -> None:
    tamper(f"UPDATE complaints_note SET body = body || '。' {HERS}", case.pk)
    named = [(row.table, row.what) for row in found()]
    assert named == [("complaints_note", "told_otherwise")]


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
OF_ALL = "WHERE complaint_id = %s"


@pytest.fixture
def with_files(case: Complaint, cast: Cast, settings: Any, tmp_path: Path) -> Complaint:
    """A complaint with a file from its draft and one that came later, beside a draft with one of its own."""
    settings.EVIDENCE_DIR = tmp_path
    kept, other = (drafting.keep(uuid4(), {}, actor=cast.fiona) for _each in range(2))
    for draft in (kept, other):
        attach_to_draft(draft, SimpleUploadedFile("合同.pdf", PDF), actor=cast.fiona)
    intake = Intake(channel="visit", unit=cast.unit["E1"], summary="误导")
    done = register_now(intake, actor=cast.fiona, key=str(kept.pk), draft=kept)
    return attach(done, SimpleUploadedFile("回执.pdf", PDF + b" "), actor=cast.fiona)


def test_files_that_the_events_name_hold(with_files: Complaint) -> None:
    assert list(broken(Proof(), files=True)) == []


@pytest.mark.parametrize(
    ("attack", "what"),
    [
        (f"UPDATE complaints_evidence SET sha256 = repeat('0', 64) {OF_ALL}", "told_otherwise"),
        (f"UPDATE complaints_evidence SET size = size + 1 {OF_ALL}", "told_otherwise"),
        (f"DELETE FROM complaints_evidence {OF_ALL}", "names_nothing"),
        (f"UPDATE complaints_evidence SET complaint_id = complaint_id - 1 {OF_ALL}", "names_nothing"),
        (f"UPDATE complaints_evidence SET complaint_id = %s {'WHERE complaint_id IS NULL'}", "unnamed"),
        (
            f"INSERT INTO complaints_evidence (id, complaint_id, label, content_type, size, sha256, by_id, at)"
            f" SELECT gen_random_uuid(), complaint_id, label, content_type, size, sha256, by_id, at"
            f" FROM complaints_evidence {OF_ALL}",
            "unnamed",
        ),
    ],
)
def test_every_attack_on_evidence_is_found(with_files: Complaint, attack: str, what: str) -> None:
    tamper(attack, with_files.pk)
    assert (what, with_files.reference) in {(row.what, row.reference) for row in found()}


def test_bytes_changed_or_gone_are_found_when_they_are_read(with_files: Complaint) -> None:
    first, second = with_files.evidence.all()
    first.path.write_bytes(PDF.replace(b"1 0", b"2 0"))
    second.path.unlink()
    assert found() == []
    named = [(row.what, row.id, row.reference) for row in broken(Proof(), files=True)]
    assert named == [
        ("other_file", str(first.pk), with_files.reference),
        ("no_file", str(second.pk), with_files.reference),
    ]


def test_the_command_reads_the_files_when_asked(with_files: Complaint) -> None:
    Evidence.objects.latest("at").path.unlink()
    call_command("verify_history", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("verify_history", "--files", stdout=StringIO())


@pytest.mark.parametrize(
    ("attack", "what"),
    [
        (f"UPDATE sla_clock SET due_at = due_at + interval '1 day' {OF_ALL} AND stopped_at IS NULL", "told_otherwise"),
        (f"UPDATE sla_clock SET target = 'x' {OF_ALL} AND target = 'response'", "names_nothing"),
        (f"UPDATE sla_clock SET stopped_at = stopped_at + interval '1 second' {OF_ALL}", "told_otherwise"),
        (f"UPDATE sla_clock SET stopped_at = NULL {OF_ALL} AND target = 'response'", "names_nothing"),
        (f"UPDATE sla_clock SET stopped_at = due_at, breached_at = due_at, detected_at = due_at {OF_ALL}", "unnamed"),
        (f"DELETE FROM sla_clock {OF_ALL}", "names_nothing"),
        (
            f"INSERT INTO sla_clock (complaint_id, target, term_id, calendar_version_id, amount, unit, started_at, due_at,"
            f" due_on, provisional, owner_unit_id, registered_unit_id, about_unit_id) SELECT complaint_id, target, term_id,"
            f" calendar_version_id, amount, unit, started_at, due_at, due_on, provisional, owner_unit_id,"
            f" registered_unit_id, about_unit_id FROM sla_clock {OF_ALL} AND target = 'response'",
            "unnamed",
        ),
    ],
)
def test_every_attack_on_a_clock_is_found(case: Complaint, attack: str, what: str) -> None:
    tamper(attack, case.pk)
    assert (what, case.reference) in {(row.what, row.reference) for row in found() if "historical" not in row.table}


def test_two_events_swapped_are_found(case: Complaint) -> None:
    for before, after in ((2, 999), (3, 2), (999, 3)):
        tamper(f"UPDATE {EVENT} SET seq = %s {HERS} AND seq = %s", after, case.pk, before)
    assert {row.seq for row in found() if row.what == "hash"} >= {2, 3}


def test_only_the_tampered_complaint_is_named(case: Complaint) -> None:
    tamper(f"UPDATE {EVENT} SET facts = '{{}}' {THIRD}", case.pk)
    assert {row.reference for row in found() if row.reference} == {case.reference}


def test_a_setting_changed_past_its_history_is_found(case: Complaint, cast: Cast) -> None:
    tamper("UPDATE accounts_membership SET role = 'supervisor' WHERE user_id = %s", cast.fiona.pk)
    assert [(row.table, row.what) for row in found()] == [("accounts_membership", "differs")]


def test_the_command_says_what_is_broken_and_fails(case: Complaint) -> None:
    tamper(f"UPDATE {EVENT} SET facts = '{{}}' {THIRD}", case.pk)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_history", stdout=out)
    assert f"{case.reference} #3" in out.getvalue()


def test_as_json_it_counts(case: Complaint) -> None:
    out = StringIO()
    call_command("verify_history", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["complaints"], answer["broken_count"], answer["broken"]) == (2, 0, [])


def test_since_looks_at_what_moved_since(case: Complaint) -> None:
    tamper(f"UPDATE {EVENT} SET facts = '{{}}' {THIRD}", case.pk)
    tomorrow, yesterday = (timezone.now() + timedelta(days=shift) for shift in (1, -1))
    assert list(broken(Proof(), tomorrow)) == []
    assert [row.what for row in broken(Proof(), yesterday)] == ["hash"]


@pytest.mark.parametrize("since", ["soon", "2026-02-30", "2026-02-10T10:00:00"])
def test_since_is_a_date_or_a_moment_with_its_offset(db: None, since: str) -> None:
    with pytest.raises(CommandError):
        call_command("verify_history", "--since", since, stdout=StringIO())

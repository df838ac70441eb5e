"""POST …/<verb>/: every verb of the table by API, each refusal with its own status."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from complaints.models import Complaint
from complaints.states import DEEDS, Verb
from tests.complaints.machines import LIST, machine, post
from tests.conftest import Cast

Register = Callable[..., Complaint]
SAID = {"means": "phone", "body": "已说明办理流程和期限。"}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"


def at(case: Complaint, verb: str) -> str:
    return f"{LIST}{case.reference}/{verb}/"


def test_a_complaint_goes_from_counter_to_closure(register: Register, cast: Cast) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    assert post(fiona, at(case, "respond"), SAID).json()["status"] == "responded"
    assert (
        post(fiona, at(case, "investigate"), {"founded": "yes", "facts": "核实属实"}).json()["status"]
        == "investigating"
    )
    assert (
        post(fiona, at(case, "resolve"), SAID | {"kind": "corrected", "redress_amount": "12.50"}).json()["due_at"]
        is None
    )
    closed = post(fiona, at(case, "close")).json()
    assert (closed["status"], [clock["stopped_at"] is None for clock in closed["clocks"]]) == ("closed", [False, False])
    assert post(fiona, at(case, "reopen"), {"reason": "客户补充了证据"}).json()["status"] == "reopened"
    assert post(fiona, at(case, "withdraw"), {"reason": "客户来电撤回"}).json()["status"] == "withdrawn"


def test_a_case_changes_hands(register: Register, cast: Cast) -> None:
    case, fiona, hank = register("fiona"), machine(cast.fiona), machine(cast.hank)
    offered = post(fiona, at(case, "hand_over"), {"to": "hank", "reason": "卡中心的业务"}).json()
    assert (offered["owner"], offered["offered_to"]) == ("fiona", "hank")
    accepted = post(hank, at(case, "accept")).json()
    assert (accepted["owner"], accepted["owner_unit"], accepted["first_responder"]) == ("hank", "HO-CARDS", "fiona")
    assert accepted["offered_to"] is None


def test_clocks_are_paused_and_run_again(register: Register, cast: Cast) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    until = timezone.localdate() + timedelta(days=3)
    given = {"waits_for": "appraisal", "reason": "送检", "until_on": until.isoformat()}
    paused = {one["target"]: one["paused_until"] for one in post(fiona, at(case, "pause"), given).json()["clocks"]}
    assert paused == {"response": None, "resolution": f"{until}T00:00:00+08:00"}
    again = post(fiona, at(case, "resume")).json()
    assert ({one["paused_until"] for one in again["clocks"]}, "pause" in again["verbs"]) == ({None}, True)


def test_an_offer_can_be_declined_or_taken_back(register: Register, cast: Cast) -> None:
    case, fiona, hank = register("fiona"), machine(cast.fiona), machine(cast.hank)
    offer = {"to": "hank", "unit": "HO-CARDS", "reason": "卡中心的业务"}
    post(fiona, at(case, "hand_over"), offer)
    assert post(hank, at(case, "decline"), {"reason": "不属于卡业务"}).json()["owner"] == "fiona"
    assert hank.get(f"{LIST}{case.reference}/").status_code == 404
    post(fiona, at(case, "hand_over"), offer)
    assert post(fiona, at(case, "recall")).json()["offered_to"] is None


def test_a_supervisor_assigns_and_reminds(register: Register, cast: Cast) -> None:
    case, sam = register("fiona"), machine(cast.sam)
    assert post(sam, at(case, "assign"), {"to": "grace", "reason": "轮值"}).json()["owner"] == "grace"
    assert post(sam, at(case, "remind"), {"text": "今天请回复"}).status_code == 200
    assert post(sam, at(case, "take")).json()["owner"] == "sam"


def test_notes_and_files_are_added(register: Register, cast: Cast) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    assert post(fiona, at(case, "note"), {"body": "客户情绪激动"}).json()["version"] == case.version
    answer = fiona.post(at(case, "attach"), {"file": SimpleUploadedFile("凭证.png", PNG)})
    assert (answer.status_code, case.evidence.get().label) == (200, "凭证.png")


def test_a_file_that_lies_is_refused(register: Register, cast: Cast) -> None:
    lie = SimpleUploadedFile("a.pdf", b"<html><script>alert(1)</script>")
    answer = machine(cast.fiona).post(at(register("fiona"), "attach"), {"file": lie})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])


def test_revealing_gives_one_field_and_is_recorded(register: Register, cast: Cast) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    asked = {"field": "phone", "reason": "回电核实"}
    assert post(fiona, at(case, "reveal"), asked).json() == {"field": "phone", "value": "13812341111"}
    assert case.events.first().facts == asked


def test_every_verb_of_the_table_has_an_address(register: Register, cast: Cast) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    assert {verb: fiona.get(at(case, verb)).status_code for verb in DEEDS} == dict.fromkeys(DEEDS, 405)


def test_a_verb_of_the_system_has_none(register: Register, cast: Cast) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    for verb in (Verb.BREACH, Verb.ESCALATE, Verb.REGISTER):
        assert post(fiona, at(case, verb)).status_code == 404


@pytest.mark.parametrize("verb", DEEDS)
def test_out_of_scope_is_404(register: Register, cast: Cast, verb: str) -> None:
    assert post(machine(cast.grace), at(register("fiona"), verb)).status_code == 404


@pytest.mark.parametrize("verb", DEEDS)
def test_whoever_only_reads_is_403_whatever_they_send(register: Register, cast: Cast, verb: str) -> None:
    answer = post(machine(cast.audrey), at(register("fiona"), verb), {"nonsense": True})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_deed_out_of_turn_is_409(register: Register, cast: Cast) -> None:
    answer = post(machine(cast.fiona), at(register("fiona"), "close"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["code"] == "wrong_status"


def test_closing_twice_is_409(resolved: Complaint, cast: Cast) -> None:
    fiona = machine(cast.fiona)
    assert [post(fiona, at(resolved, "close")).status_code for _ in range(2)] == [200, 409]


def test_an_old_version_is_409_and_changes_nothing(register: Register, cast: Cast) -> None:
    case = register("fiona")
    post(machine(cast.frank), at(case, "take"))
    answer = post(machine(cast.fiona), at(case, "take"), {"version": case.version})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert Complaint.objects.get(pk=case.pk).owner == cast.frank


@pytest.mark.parametrize("version", [0, -1, 10**30, "x", 1.5, True, [1], {}])
def test_a_version_is_a_whole_number(register: Register, cast: Cast, version: Any) -> None:
    answer = post(machine(cast.frank), at(register("fiona"), "take"), {"version": version})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["version"])


@pytest.mark.parametrize(
    ("verb", "given", "field"),
    [
        ("respond", {"means": "pigeon", "body": "咕"}, "means"),
        ("respond", SAID | {"at": "9999-01-01T00:00:00+08:00"}, "at"),
        ("respond", SAID | {"at": "2026-01-01T00:00:00"}, "at"),
        ("respond", {"means": "phone", "body": " "}, "body"),
        ("hand_over", {"to": "system", "reason": "x"}, "to"),
        ("hand_over", {"to": "audrey", "reason": "x"}, "to"),
        ("hand_over", {"to": "hank", "unit": "E1", "reason": "x"}, "to"),
        ("hand_over", {"to": "fiona", "reason": "x"}, "to"),
        ("hand_over", {"to": "hank"}, "reason"),
        ("note", {"body": "a\0b"}, "body"),
        ("attach", {}, "file"),
        ("investigate", {"founded": "perhaps", "facts": "x"}, "founded"),
        ("pause", {"waits_for": "rain", "reason": "x", "until_on": "2026-03-01"}, "waits_for"),
        ("pause", {"waits_for": "customer", "reason": "x", "until_on": "2020-03-01"}, "until_on"),
        ("pause", {"waits_for": "customer", "reason": "x", "until_on": "soon"}, "until_on"),
        ("withdraw", {"reason": "x", "at": "1999-01-01T00:00:00+08:00"}, "at"),
        ("reveal", {"field": "password", "reason": "x"}, "field"),
        ("reveal", {"field": "phone", "reason": ""}, "reason"),
    ],
)
def test_bad_input_names_its_field(register: Register, cast: Cast, verb: str, given: Any, field: str) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    answer = fiona.post(at(case, verb), given) if verb == "attach" else post(fiona, at(case, verb), given)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)
    assert case.events.count() == 1


def test_what_is_ours_is_not_theirs_to_set(register: Register, cast: Cast) -> None:
    case, fiona = register("fiona"), machine(cast.fiona)
    answer = post(
        fiona, at(case, "respond"), SAID | {"status": "closed", "owner": "walter", "by": "walter", "due_at": None}
    )
    assert (answer.json()["status"], answer.json()["owner"]) == ("responded", "fiona")
    assert case.messages.get().by == cast.fiona


def test_never_the_staff_complained_about(register: Register, cast: Cast) -> None:
    case = register("fiona", staff_complained_about=cast.grace)
    assert post(machine(cast.sam), at(case, "assign"), {"to": "grace"}).status_code == 403
    assert post(machine(cast.grace), at(case, "take")).status_code == 404

"""The engine from outside: `manage.py deadline`, asked as a script or a person would."""

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

RECEIVED = "2026-02-10T10:00:00+08:00"

pytestmark = pytest.mark.django_db


def ask(*words: str) -> str:
    out = io.StringIO()
    with translation.override("en"):
        call_command("deadline", *words, stdout=out)
    return out.getvalue()


def ask_json(*words: str) -> dict[str, Any]:
    answer = json.loads(ask(*words, "--json"))
    assert isinstance(answer, dict)
    return answer


def ask_stream(monkeypatch: pytest.MonkeyPatch, requests: bytes, *options: str) -> tuple[list[dict[str, Any]], bool]:
    """Give the answers to a stream of requests, and whether the command succeeded."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(requests)))
    succeeded = True
    try:
        with translation.override("en"):
            call_command("deadline", "-", *options, stdout=out)
    except CommandError:
        succeeded = False
    return [json.loads(line) for line in out.getvalue().splitlines()], succeeded


def test_fifteen_working_days_are_answered_as_the_contract_says() -> None:
    answer = ask_json(RECEIVED, "15", "working_days")
    assert list(answer) == ["due_at", "due_on", "provisional", "calendar", "calendar_version", "days"]
    days = answer.pop("days")
    assert answer == {
        "due_at": "2026-03-10T00:00:00+08:00",
        "due_on": "2026-03-09",
        "provisional": False,
        "calendar": "cn",
        "calendar_version": 1,
    }
    assert days[0] == {"date": "2026-02-10", "counts": False, "why": "received"}
    assert days[4] == {"date": "2026-02-14", "counts": True, "why": "make-up day (调休上班)"}
    assert days[5] == {"date": "2026-02-15", "counts": False, "why": "day off (春节放假)"}
    assert sum(day["counts"] for day in days) == 15


@pytest.mark.parametrize(
    ("amount", "unit", "due_at", "due_on"),
    [
        ("24", "hours", "2026-02-11T10:00:00+08:00", "2026-02-11"),
        ("15", "days", "2026-02-26T00:00:00+08:00", "2026-02-25"),
        ("8", "working_hours", "2026-02-11T11:00:00+08:00", "2026-02-11"),
        ("45", "working_days", "2026-04-22T00:00:00+08:00", "2026-04-21"),
    ],
)
def test_every_unit_is_answered_in_the_zone_of_the_calendar(amount: str, unit: str, due_at: str, due_on: str) -> None:
    answer = ask_json("2026-02-10T02:00:00Z", amount, unit)
    assert (answer["due_at"], answer["due_on"]) == (due_at, due_on)


def test_a_year_that_is_not_announced_is_said_to_be_so() -> None:
    answer = ask_json("2026-10-30T10:00:00+08:00", "45", "working_days")
    assert answer["provisional"] is True
    assert answer["days"][-1]["why"] == "Monday to Friday; days off not announced yet"
    assert "Provisional" in ask("2026-10-30T10:00:00+08:00", "45", "working_days")


def test_a_person_gets_a_day_a_line_and_the_answer_at_the_end() -> None:
    *days, _blank, answer, calendar = ask(RECEIVED, "15", "working_days").splitlines()
    assert len(days) == 28
    assert days[-1].split()[0] == "2026-03-09"
    assert "15  working day" in days[-1]
    assert answer == "15 working days: due on 2026-03-09, until 2026-03-10 00:00:00+08:00."
    assert calendar == "Calendar cn, version 1."


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["2026-02-10T10:00:00", "15", "days"], "offset"),
        (["yesterday", "15", "days"], "not a time"),
        (["2026-02-30T10:00:00+08:00", "15", "days"], "not a time"),
        ([RECEIVED, "0", "days"], "1 to 10000"),
        ([RECEIVED, "-1", "days"], "1 to 10000"),
        ([RECEIVED, "10001", "days"], "1 to 10000"),
        ([RECEIVED, "9" * 5000, "days"], "1 to 10000"),
        ([RECEIVED, "1.5", "days"], "1 to 10000"),
        ([RECEIVED, "十五", "days"], "1 to 10000"),
        ([RECEIVED, "15", "weeks"], "hours, days, working_hours, working_days"),
        ([RECEIVED, "15"], "RECEIVED AMOUNT UNIT"),
        ([RECEIVED, "15", "days", "--calendar", "mars"], "no calendar “mars”"),
        (["9999-12-31T10:00:00+08:00", "1", "days"], "years 1 to 9999"),
        (["0001-01-01T00:00:00+08:00", "1", "hours"], "years 1 to 9999"),
        (["-", "15", "days"], "standard input"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_advice(words: list[str], advice: str) -> None:
    with pytest.raises(CommandError, match=advice):
        ask(*words)


def test_a_stream_is_answered_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = f"{RECEIVED} 15 working_days\n\n{RECEIVED}\t24   hours cn\r\n".encode()
    answers, succeeded = ask_stream(monkeypatch, requests)
    assert [answer["due_on"] for answer in answers] == ["2026-03-09", "2026-02-11"]
    assert succeeded


def test_a_bad_line_is_answered_with_an_error_and_the_stream_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    good = f"{RECEIVED} 15 working_days"
    lines = [b"nonsense", b"\xff\xfe\x00 15 days", f"{RECEIVED} 15 days cn more".encode(), b"x" * 100_000]
    answers, succeeded = ask_stream(monkeypatch, b"\n".join([*lines, good.encode()]))
    assert [(answer["line"], bool(answer["error"])) for answer in answers[:4]] == [(n, True) for n in (1, 2, 3, 4)]
    assert answers[4]["due_on"] == "2026-03-09"
    assert not succeeded


def test_a_stream_reads_its_calendar_once(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    ask_json(RECEIVED, "1", "days")
    with django_assert_num_queries(1):
        ask_stream(monkeypatch, f"{RECEIVED} 15 working_days\n".encode() * 20)


def test_reasons_are_said_in_chinese_to_chinese_readers() -> None:
    out = io.StringIO()
    with translation.override("zh-hans"):
        call_command("deadline", RECEIVED, "15", "working_days", "--json", stdout=out)
    whys = [day["why"] for day in json.loads(out.getvalue())["days"]]
    assert (whys[0], whys[1], whys[4], whys[5]) == ("收到", "工作日", "调休上班", "春节放假")

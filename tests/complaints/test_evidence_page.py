"""Files on a case: several at once, refused by what they are, handed out to be saved and never to be shown."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from complaints.evidence import attach
from complaints.models import Complaint, Evidence
from tests.complaints.pages import address, do, fresh, outsiders_find_nothing
from tests.complaints.test_case_page import PDF, a_file
from tests.conftest import Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]


def download(case: Complaint, row: Evidence) -> str:
    return reverse("complaints:evidence", args=[case.reference, row.pk])


def test_several_files_at_once_are_several_deeds(register: Register, as_: As) -> None:
    case = register("fiona")
    assert do(as_("fiona"), case, "attach", file=[a_file("甲.pdf"), a_file("乙.pdf")]).status_code == 302
    assert {row.label for row in fresh(case).evidence.all()} == {"甲.pdf", "乙.pdf"}
    assert case.events.filter(verb="attach").count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"file": SimpleUploadedFile("空.pdf", b"")},
        {"file": SimpleUploadedFile("假.png", PDF)},
        {"file": SimpleUploadedFile("页.html", b"<script>alert(1)</script>")},
    ],
)
def test_what_cannot_be_taken_is_named(register: Register, as_: As, wrong: dict[str, Any]) -> None:
    case = register("fiona")
    answer = do(as_("fiona"), case, "attach", **wrong)
    assert answer.status_code == 422
    assert 'id="deed_file_error"' in answer.content.decode()
    assert not case.evidence.exists()


def test_a_file_is_handed_out_as_it_came(register: Register, cast: Cast, as_: As) -> None:
    case = attach(register("fiona"), a_file("柜台 “回单”.pdf"), actor=cast.fiona)
    answer = as_("sam").get(download(case, case.evidence.get()))
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%9F%9C%E5%8F%B0")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store"


def test_out_of_scope_or_of_another_case_is_not_there(register: Register, cast: Cast, as_: As) -> None:
    case, other = attach(register("fiona"), a_file(), actor=cast.fiona), register("grace", unit="E2")
    row = case.evidence.get()
    assert as_("grace").get(download(case, row)).status_code == 404
    assert as_("grace").get(download(other, row)).status_code == 404
    assert as_("fiona").get(reverse("complaints:evidence", args=[case.reference, uuid4()])).status_code == 404
    assert as_("fiona").post(download(case, row)).status_code == 405


def test_a_file_that_is_gone_from_the_store_is_said_to_be(register: Register, cast: Cast, as_: As) -> None:
    case = attach(register("fiona"), a_file(), actor=cast.fiona)
    case.evidence.get().path.unlink()
    assert as_("fiona").get(download(case, case.evidence.get())).status_code == 404


def test_the_form_is_there(register: Register, as_: As) -> None:
    assert 'enctype="multipart/form-data"' in as_("fiona").get(address(register("fiona"), "attach")).content.decode()


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "attach")

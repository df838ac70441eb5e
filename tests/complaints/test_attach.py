"""Attach: a file is taken in by what it is, kept whole under a name of our own, and told in the case history."""

import hashlib
import io
import os
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.errors import Conflict, Invalid, NotAllowed
from complaints import drafting, intake
from complaints.evidence import attach, attach_to_draft, clean_label
from complaints.intake import Intake
from complaints.models import Complaint, Evidence
from tests.conftest import Cast

Register = Callable[..., Complaint]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + bytes(40)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path
    return tmp_path


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")  # dated 1980, so that every process collects the same bytes
    return file.getvalue()


def upload(name: str = "保险合同.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_it_is_kept_whole_with_hash_size_and_type(register: Register, cast: Cast) -> None:
    case = attach(register("fiona"), upload(), actor=cast.fiona)
    row = case.evidence.get()
    assert row.path.read_bytes() == PDF
    assert (row.sha256, row.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (row.label, row.content_type, row.by) == ("保险合同.pdf", "application/pdf", cast.fiona)


def test_the_case_history_tells_it(register: Register, cast: Cast) -> None:
    case = attach(register("fiona"), upload(), actor=cast.fiona)
    event = case.events.first()
    assert event is not None
    assert (event.verb, event.facts["sha256"]) == ("attach", hashlib.sha256(PDF).hexdigest())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("合同.docx", zipped("[Content_Types].xml", "word/document.xml")),
        ("流水.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml")),
        ("回单.PNG", PNG),
        ("录音.wav", b"RIFF\x24\0\0\0WAVEfmt " + bytes(40)),
        ("录音.mp3", b"ID3\x03\0\0\0\0\0\x21TIT2" + bytes(60)),
    ],
)
def test_what_it_says_it_is_comes_in(register: Register, cast: Cast, name: str, content: bytes) -> None:
    assert attach(register("fiona"), upload(name, content), actor=cast.fiona).evidence.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("假.pdf", b"hello"),
        ("假.pdf", PNG),
        ("图.png", b"MZ\x90\0" + bytes(60)),
        ("录音.wav", WEBP),
        ("压缩包.docx", zipped("run.exe")),
        ("带宏.docx", zipped("word/document.xml", "word/vbaProject.bin")),
        ("表.xlsx", zipped("word/document.xml")),
        ("半截.docx", zipped("word/document.xml")[:60]),
        ("程序.exe", b"MZ\x90\0" + bytes(60)),
        ("网页.html", b"<html></html>"),
        ("没有后缀", PDF),
        ("空.pdf", b""),
    ],
)
def test_a_file_that_lies_is_refused_and_leaves_nothing(
    register: Register, cast: Cast, folder: Path, name: str, content: bytes
) -> None:
    case = register("fiona")
    with pytest.raises(Invalid) as refused:
        attach(case, upload(name, content), actor=cast.fiona)
    assert list(refused.value.errors) == ["file"]
    assert not Evidence.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_too_large_is_refused(register: Register, cast: Cast, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 10
    with pytest.raises(Invalid):
        attach(register("fiona"), upload(), actor=cast.fiona)


def test_an_auditor_adds_nothing(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(NotAllowed):
        attach(case, upload(), actor=cast.audrey)
    assert not Evidence.objects.exists()


def test_out_of_scope_there_is_no_such_case(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Complaint.DoesNotExist):
        attach(case, upload(), actor=cast.walter)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("..\\..\\etc/passwd.pdf", "passwd.pdf"),
        ("\u202egnp.exe.pdf", "gnp.exe.pdf"),
        ("a\0b\n.pdf", "ab.pdf"),
        ("/", "file"),
    ],
)
def test_the_senders_name_is_only_a_label(name: str, label: str) -> None:
    assert clean_label(name) == label
    assert len(clean_label("长" * 999 + ".pdf")) <= 255


def test_a_file_of_a_draft_moves_to_the_complaint(register: Register, cast: Cast, as_: Callable[[str], Client]) -> None:
    draft = drafting.keep(uuid4(), {}, actor=cast.fiona)
    kept = attach_to_draft(draft, upload(), actor=cast.fiona)
    left = attach_to_draft(draft, upload("误传.png", PNG), actor=cast.fiona)
    form = {
        "draft": draft.pk,
        "channel": "visit",
        "unit_text": "解放路网点",
        "summary": "误导",
        "left_out": f"{left.pk}",
    }
    as_("fiona").post("/complaints/new/", form | {"received_at": "2026-02-10T10:00", "late_entry_reason": "补录"})
    assert list(Complaint.objects.get().evidence.all()) == [kept]


def from_draft(cast: Cast, *names: str) -> Complaint:
    """Registered from a draft with these files."""
    draft = drafting.keep(uuid4(), {}, actor=cast.fiona)
    for name in names:
        attach_to_draft(draft, upload(name), actor=cast.fiona)
    details = Intake(channel="visit", unit=cast.unit["E1"], summary="误导")
    return intake.register(details, actor=cast.fiona, key=str(draft.pk), draft=draft)


def test_the_first_event_names_the_files_that_came_with_the_draft(cast: Cast) -> None:
    case = from_draft(cast, "一.pdf", "二.pdf")
    named = [(file["evidence"], file["sha256"], file["size"]) for file in case.events.get().facts["files"]]
    assert named == [(str(row.pk), row.sha256, len(PDF)) for row in case.evidence.all()]
    assert "files" not in from_draft(cast).events.get().facts


def test_the_files_of_a_draft_cost_four_queries_however_many(cast: Cast, django_assert_num_queries: Any) -> None:
    details = {"channel": "visit", "unit": cast.unit["E1"], "summary": "误导"}
    intake.register(Intake(**details), actor=cast.fiona)
    with CaptureQueriesContext(connection) as bare:
        intake.register(Intake(**details), actor=cast.fiona)
    draft = drafting.keep(uuid4(), {}, actor=cast.fiona)
    attach_to_draft(draft, upload(), actor=cast.fiona)
    with django_assert_num_queries(len(bare) + 4):  # lock the draft, read its files, move them, close the draft
        intake.register(Intake(**details), actor=cast.fiona, draft=draft)


def test_files_added_to_an_earlier_complaint_are_told_one_by_one(register: Register, cast: Cast) -> None:
    earlier, draft = register("fiona"), drafting.keep(uuid4(), {}, actor=cast.fiona)
    rows = [attach_to_draft(draft, upload(name), actor=cast.fiona) for name in ("一.pdf", "二.pdf")]
    drafting.append(draft, earlier, "又来电催促", actor=cast.fiona)
    told = [event.facts for event in earlier.events.filter(verb="attach").order_by("seq")]
    assert told == [row.facts for row in rows]


@pytest.mark.parametrize("becomes", ["registered", "appended"])
def test_a_file_that_comes_too_late_is_refused(register: Register, cast: Cast, folder: Path, becomes: str) -> None:
    earlier, draft = register("fiona"), drafting.keep(uuid4(), {}, actor=cast.fiona)
    if becomes == "registered":
        details = Intake(channel="visit", unit=cast.unit["E1"], summary="误导")
        intake.register(details, actor=cast.fiona, key=str(draft.pk), draft=draft)
    else:
        drafting.append(draft, earlier, "又来电催促", actor=cast.fiona)
    with pytest.raises(Conflict):
        attach_to_draft(draft, upload(), actor=cast.fiona)
    assert not Evidence.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "change",
    [
        {"label": "别的.pdf"},
        {"sha256": "0" * 64},
        {"size": 1},
        {"content_type": "image/png"},
        {"id": UUID(int=1)},
        {"complaint": None},
        {"draft": None},
        {"by": 1},
    ],
    ids=str,
)
def test_evidence_on_a_complaint_never_changes(cast: Cast, change: dict[str, Any]) -> None:
    case = from_draft(cast, "合同.pdf")
    with pytest.raises(IntegrityError, match="moves once"):
        case.evidence.update(**change)


@pytest.mark.parametrize("change", [{"label": "别的.pdf"}, {"sha256": "0" * 64}, {"size": 1}, {}], ids=str)
def test_on_its_way_from_the_draft_nothing_else_of_it_changes(
    register: Register, cast: Cast, change: dict[str, Any]
) -> None:
    row = attach_to_draft(drafting.keep(uuid4(), {}, actor=cast.fiona), upload(), actor=cast.fiona)
    moves = {"complaint": register("fiona")} | change if change else {"label": row.label}
    with pytest.raises(IntegrityError, match="moves once"):
        Evidence.objects.update(**moves)


def test_files_come_up_to_the_draft_at_once(cast: Cast, as_: Callable[[str], Client]) -> None:
    key, browser = str(uuid4()), as_("fiona")
    good = browser.post("/complaints/new/files/", {"draft": key, "file": upload()})
    bad = browser.post("/complaints/new/files/", {"draft": key, "file": upload("假.pdf", b"hello")})
    assert (good.status_code, bad.status_code) == (200, 422)
    assert [file.row.label for file in bad.context["files"]] == ["保险合同.pdf"]
    assert as_("frank").post("/complaints/new/files/", {"draft": key, "file": upload()}).status_code == 404


def crowded(parts: int) -> bytes:
    """A Word file whose directory has as many entries more, and says in 16 bits that it has two."""
    content = bytearray(zipped("[Content_Types].xml", "word/document.xml"))
    end = content.rindex(b"PK\x05\x06")
    entry = b"PK\x01\x02" + bytes(24) + b"\x01\0" + bytes(16) + b"x"
    content[end:end] = entry * parts
    at = end + len(entry) * parts + 12
    content[at : at + 4] = (int.from_bytes(content[at : at + 4], "little") + len(entry) * parts).to_bytes(4, "little")
    return bytes(content)


def test_a_directory_of_ordinary_size_comes_in(register: Register, cast: Cast) -> None:
    attach(register("fiona"), upload("合同.docx", crowded(100)), actor=cast.fiona)


@pytest.mark.parametrize("parts", [4_001, 200_000])
def test_a_crowded_directory_is_refused_before_it_is_held(register: Register, cast: Cast, parts: int) -> None:
    content, case = crowded(parts), register("fiona")
    tracemalloc.start()
    try:
        with pytest.raises(Invalid):
            attach(case, upload("合同.docx", content), actor=cast.fiona)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 2 * len(content) + 4 * 1024 * 1024


def test_an_archive_in_zip64_is_refused(register: Register, cast: Cast) -> None:
    content = zipped("[Content_Types].xml", "word/document.xml")
    end = content.rindex(b"PK\x05\x06")
    size, offset = struct.unpack("<LL", content[end + 12 : end + 20])
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    archive = content[:end] + record + locator + content[end:]
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == ["[Content_Types].xml", "word/document.xml"]
    with pytest.raises(Invalid):
        attach(register("fiona"), upload("合同.docx", archive), actor=cast.fiona)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_files_are_for_the_program_alone_whatever_the_mask(
    register: Register, cast: Cast, settings: Any, tmp_path: Path, mask: int
) -> None:
    settings.EVIDENCE_DIR = store = tmp_path / "store"
    case, before = register("fiona"), os.umask(mask)
    try:
        path = attach(case, upload(), actor=cast.fiona).evidence.get().path
    finally:
        os.umask(before)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (store, path.parent, path)] == [0o700, 0o700, 0o600]

"""Files: taken in by what they are, not by what they are called; kept whole, under a name of our own (R64, R71)."""

import hashlib
import os
import unicodedata
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol

import puremagic
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from complaints.history import moving
from complaints.models import Complaint, Draft, Evidence
from complaints.states import Verb

# What may be attached: file ending → types that puremagic may find in the content.
ALLOWED: Mapping[str, frozenset[str]] = {
    ".pdf": frozenset({"application/pdf"}),
    ".png": frozenset({"image/png"}),
    ".jpg": frozenset({"image/jpeg", "image/jpg"}),
    ".jpeg": frozenset({"image/jpeg", "image/jpg"}),
    ".gif": frozenset({"image/gif"}),
    ".mp3": frozenset({"audio/mpeg"}),
    ".wav": frozenset({"audio/wav", "audio/x-wav", "audio/wave"}),
    ".m4a": frozenset({"audio/mp4", "audio/x-m4a", "video/mp4"}),
    ".mp4": frozenset({"video/mp4"}),
    ".docx": frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}),
    ".xlsx": frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
}
OFFICE: Mapping[str, str] = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
HEAD = 64 * 1024


class Upload(Protocol):
    """What a framework's uploaded file gives us."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


def attach(complaint: Complaint, upload: Upload, *, actor: User) -> Complaint:
    """Add a file to a complaint. Raises `Invalid` under `file` when it is empty, too large, or not what it says."""
    row = _taken_in(upload, actor)
    with moving(complaint, Verb.ATTACH, actor=actor) as case:
        row.complaint = case
        row.save()
        case.facts |= {"evidence": str(row.pk), "sha256": row.sha256, "size": row.size}
    return case


def attach_to_draft(draft: Draft, upload: Upload, *, actor: User) -> Evidence:
    """Add a file to a complaint that is still being typed; registering moves it over."""
    row = _taken_in(upload, actor)
    row.draft = draft
    row.save()
    return row


def _taken_in(upload: Upload, actor: User) -> Evidence:
    """The bytes on disk, and the row not yet saved: a row never names a file that is not there."""
    label = clean_label(upload.name or "")
    if not upload.size:
        raise Invalid(_("Please check the marked fields."), {"file": [_("This file is empty.")]})
    if upload.size > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // 1024 // 1024
        raise Invalid(
            _("Please check the marked fields."),
            {"file": [_("A file may be %(limit)s MB at most.") % {"limit": limit}]},
        )
    row = Evidence(id=uuid.uuid4(), label=label, by=actor, at=timezone.now())
    row.path.parent.mkdir(parents=True, exist_ok=True)
    waiting = row.path.with_suffix(".part")
    digest, head, size = hashlib.sha256(), b"", 0
    try:
        with waiting.open("xb") as file:
            for chunk in upload.chunks():
                head += chunk[: max(0, HEAD - len(head))]
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            _durable(file)
        row.content_type = content_type(label, head)
        _refuse_false_office(label, waiting)
        waiting.rename(row.path)
    finally:
        waiting.unlink(missing_ok=True)
    row.sha256, row.size = digest.hexdigest(), size
    return row


def _durable(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def content_type(label: str, head: bytes) -> str:
    """The type that both the ending and the content agree on. Raises `Invalid` when they do not."""
    ending = Path(label).suffix.lower()
    allowed = ALLOWED.get(ending)
    if allowed is None:
        raise Invalid(
            _("Please check the marked fields."),
            {"file": [_("Only PDF, pictures, recordings and Office files can be attached.")]},
        )
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}  # never told the name: it would believe it
    except (puremagic.PureError, ValueError):
        found = set()
    agreed = allowed & found
    if not agreed or (ending == ".wav" and head[8:12] != b"WAVE"):
        raise _lies()
    return sorted(agreed)[0]


def _refuse_false_office(label: str, path: Path) -> None:
    """An Office file is a ZIP like many others: it must hold its own main part, and no macros."""
    main_part = OFFICE.get(Path(label).suffix.lower())
    if main_part is None:
        return
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        parts = []
    if main_part not in parts or any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise _lies()


def _lies() -> Invalid:
    return Invalid(
        _("Please check the marked fields."),
        {"file": [_("The content of this file is not what its name says. Save it again in its own format.")]},
    )


def clean_label(name: str) -> str:
    """The sender's file name as a label: last part only, no control or invisible characters, 255 characters at most."""
    shown = "".join(
        letter
        for letter in unicodedata.normalize("NFC", name)
        if unicodedata.category(letter) not in {"Cc", "Cf", "Zl", "Zp"}
    )
    last = shown.replace("\\", "/").rsplit("/", 1)[-1].strip().rstrip(".")
    return (Path(last).stem[:200] + Path(last).suffix[:50]) or "file"

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
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid
from accounts.models import User
from complaints.drafting import held
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
# What the directory of an Office file may hold. Its size is measured: the count beside it is the sender's word.
MOST_DIRECTORY, MOST_PARTS = 1024 * 1024, 4000  # bytes, entries
_END, _LOCATOR64, _PART = b"PK\x05\x06", b"PK\x06\x07", b"PK\x01\x02"  # APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16
_END_SIZE = 22


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
        case.facts |= row.facts
    return case


def attach_to_draft(draft: Draft, upload: Upload, *, actor: User) -> Evidence:
    """Add a file to a complaint that is still being typed; registering moves it over.

    Raises `Conflict` when the draft became a complaint while the file was on its way: nothing is taken in unsaid.
    """
    row = _taken_in(upload, actor)
    try:
        with transaction.atomic():
            row.draft = held(draft.pk, actor)
            row.save()
    except Conflict:
        row.path.unlink(missing_ok=True)  # no row names these bytes
        raise
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
    _private_folders(row.path.parent)
    waiting = row.path.with_suffix(".part")
    digest, head, size = hashlib.sha256(), b"", 0
    try:
        with open(waiting, "xb", opener=_private) as file:  # Path.open takes no opener
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


def _private_folders(folder: Path) -> None:
    """The store and its folder, for nobody but the account that runs the program."""
    for one in (folder.parent, folder):
        if not one.exists():
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
            one.chmod(0o700)  # the mask of the account may have taken bits away


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


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
    if not _has_small_directory(path):
        raise _lies()
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        parts = []
    if main_part not in parts or any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise _lies()


def _has_small_directory(path: Path) -> bool:
    """Whether the ZIP's directory is one that can be read at once. A directory of 46 MB takes half a gigabyte to hold.

    ZIP64 is for archives beyond 4 GB or 65,535 entries: no file that is taken in needs it.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = file.seek(max(0, size - HEAD - _END_SIZE))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) - at < _END_SIZE:
            return False
        length = int.from_bytes(tail[at + 12 : at + 16], "little")
        begin = start + at - length
        if length > MOST_DIRECTORY or begin < 0:
            return False
        file.seek(max(0, begin - 20))
        directory = file.read(start + at - max(0, begin - 20))
    return _LOCATOR64 not in directory[-20:] and directory.count(_PART) <= MOST_PARTS


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

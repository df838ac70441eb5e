"""What somebody types into the find box, and what it means: a reference, a person, or words.

Numbers and names of people never stand in an address, where logs and browsers would keep them. The box is posted; what
turns out to name a person is sealed into a token of the address (`who`), which only its maker can use, for half an hour.
Words that name nobody stay readable in the address (`q`), so that it can be kept and shared.
"""

import base64
import binascii
import json
import re
import time
import unicodedata
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from accounts.personal_data import Unreadable, blind_indexes, seal, unseal
from complaints.models import Complainant, ComplaintQuerySet
from complaints.models.complainant import MASKS, NORMAL
from complaints.models.reading import PieceQuery
from complaints.pieces import query_pieces

LONGEST = 100  # characters
LASTS = 30 * 60  # seconds
MOST_PEOPLE = 500  # complaints of one person that a lookup brings to a list
_REFERENCE = re.compile(r"(?:TS)?(\d{8}-\d{6,12})", re.ASCII | re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s()\-]{7,24}", re.ASCII)
_IDENTITY = re.compile(r"(?=(?:.*\d){6})[0-9A-Za-z\s\-]{7,24}", re.ASCII)
_NAME = re.compile(r"[^\d\s][^\d]{1,39}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """A person looked for: the blind indexes by kind, the words typed, and how they may be shown."""

    indexes: dict[str, list[str]]
    words: str
    shown: str

    def token(self, reader: User) -> str:
        """The lookup sealed for the address, useless to anybody but `reader`."""
        content = json.dumps([self.indexes, self.words, self.shown, int(time.time()) + LASTS])
        return base64.urlsafe_b64encode(seal(content, _bound_to(reader))).decode()

    def in_list(self, found: ComplaintQuerySet) -> ComplaintQuerySet:
        """The complaints of that person, and those whose text holds the words typed. One query for theirs.

        `found` is the reader's scope already: it is cut after the scope, the newest first.
        """
        people = Complainant.objects.filter(_carrying(self.indexes))
        theirs = found.filter(complainant__in=people).order_by("-received_at").values_list("pk", flat=True)
        meant = Q(pk__in=list(theirs[:MOST_PEOPLE]))
        if wanted := query_pieces(self.words):
            meant |= Q(pieces=PieceQuery(wanted))
        return found.filter(meant)


def lookup_of(token: str, reader: User) -> Lookup | None:
    """The lookup in a token; None when it is old, altered, or somebody else's."""
    try:
        content = unseal(base64.urlsafe_b64decode(token), _bound_to(reader))
        indexes, words, shown, until = json.loads(content)
    except (binascii.Error, Unreadable, ValueError):
        return None
    return Lookup(indexes, words, shown) if until > time.time() else None


def reference_in(typed: str) -> str:
    """The reference that was typed, in its own spelling; empty when it is none."""
    narrow = unicodedata.normalize("NFKC", typed).strip()
    match = _REFERENCE.fullmatch(narrow)
    return f"TS{match[1]}" if match else ""


def number_in(typed: str) -> Lookup | None:
    """A phone or identity number, recognised by its shape alone."""
    narrow = unicodedata.normalize("NFKC", typed).strip()
    kinds = [kind for kind, shape in (("phone", _PHONE), ("id_number", _IDENTITY)) if shape.fullmatch(narrow)]
    return _lookup(kinds, narrow) if kinds and not reference_in(typed) else None


def name_in(typed: str, seen: ComplaintQuerySet) -> Lookup | None:
    """A text that is the full name of a complainant among the complaints `seen`. One query."""
    narrow = unicodedata.normalize("NFKC", typed).strip()
    if not _NAME.fullmatch(narrow) or not seen.of_same_person(name=narrow).exists():
        return None
    return _lookup(["name"], narrow)


def _lookup(kinds: list[str], narrow: str) -> Lookup:
    normal = {kind: NORMAL[kind](narrow) for kind in kinds}
    indexes = {kind: blind_indexes(kind, value) for kind, value in normal.items()}
    return Lookup(indexes, narrow[:LONGEST], MASKS[kinds[0]](normal[kinds[0]]))


def _carrying(indexes: dict[str, list[str]]) -> Q:
    given = Q(pk__in=[])
    for kind, values in indexes.items():
        given |= Q(**{f"{kind}_index__in": values})
    return given


def _bound_to(reader: User) -> str:
    return f"lookup:{reader.pk}"

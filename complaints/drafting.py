"""What is typed and not yet registered: kept until it is a complaint, so that nothing is ever typed twice.

A draft is its owner's alone: for anybody else it does not exist. Its text is the form as it was typed, sealed; its id is
the intake key, so that one draft becomes one complaint however often it is sent. Files hang on it until then.
"""

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.models import User
from accounts.scope import access_of
from complaints.correspondence import note
from complaints.history import moving
from complaints.models import Complaint, Draft, Evidence
from complaints.states import MOVES, Verb

# What a form holds before anything is typed, or what only chooses: alone it makes no draft.
PRESET = frozenset(
    {
        "channel", "kind", "id_type", "received_at", "unit", "unit_text", "severity", "is_summary_confirmed", "left_out",
        "repeat", "repeat_of", "same_as", "referred_by", "alleges_violation",
    }
)  # fmt: skip


def says_something(typed: Mapping[str, str]) -> bool:
    """Whether anything was typed, beside what the form opens with."""
    return any(text.strip() for name, text in typed.items() if name not in PRESET)


def keep(draft_id: UUID, typed: Mapping[str, str] | None = None, *, actor: User) -> Draft:
    """Keep the form as typed (text by field name); without `typed`, only see to it that the draft is there.

    A form in which nothing is typed, and no file hangs on it, is no draft: its row is left as a discarded one is.

    Raises `Draft.DoesNotExist` for somebody else's draft, and `Conflict` once the draft has become a complaint.
    """
    if not access_of(actor).roles & MOVES[Verb.REGISTER].roles:
        raise NotAllowed(_("Your roles do not include this: %(verb)s.") % {"verb": Verb.REGISTER.label})
    now = timezone.now()
    with transaction.atomic():
        Draft.objects.bulk_create(
            [Draft(id=draft_id, user=actor, updated_at=now)], ignore_conflicts=True
        )  # two first keystrokes may arrive at once
        draft = held(draft_id, actor)
        if typed is not None or not draft.data:
            draft.data, draft.updated_at = json.dumps(typed or {}, ensure_ascii=False), now
            if typed is not None and not says_something(typed) and not _moving(draft):
                draft.data = ""
            draft.save(update_fields=["data", "updated_at"])
    return draft


def restore(draft_id: UUID, *, actor: User) -> dict[str, str]:
    """The form as it was typed. Raises `Draft.DoesNotExist` for a draft that is discarded, unknown or not one's own."""
    draft = Draft.objects.get(pk=draft_id, user=actor)
    if not draft.data:
        raise Draft.DoesNotExist
    return typed_in(draft)


def discard(draft_id: UUID, *, actor: User) -> None:
    """Wipe the text of a draft. Its files stay on disk, out of reach, because a file once taken in is never deleted."""
    with transaction.atomic():
        draft = held(draft_id, actor)
        draft.data, draft.updated_at = "", timezone.now()
        draft.save(update_fields=["data", "updated_at"])


def files_to_move(draft: Draft, *, actor: User) -> list[Evidence]:
    """The files that the complaint takes over. From here on, until the transaction ends, no file joins the draft.

    Raises `Conflict` once the draft has become a complaint.
    """
    held(draft.pk, actor)
    return _moving(draft)


def settle(draft: Draft, files: Collection[Evidence], case: Complaint) -> None:
    """The draft became this complaint: these files move over, its text is no longer needed. Inside the transaction.

    The event that opened the complaint names the files by id, hash and size.
    """
    if files:
        Evidence.objects.filter(pk__in=[row.pk for row in files]).update(complaint=case)
    _close(draft, case)


def append(draft: Draft, complaint: Complaint, body: str, *, actor: User) -> Complaint:
    """The draft turned out to belong to a complaint that is known: its words become a note there, its files evidence.

    No clock starts anew. The same draft sent again answers with the same complaint and writes nothing. Raises what the
    verbs `note` and `attach` raise.
    """
    with transaction.atomic():
        draft = _locked(draft.pk, actor)
        if draft.complaint_reference:
            known: Complaint = Complaint.objects.visible_to(actor).get(reference=draft.complaint_reference)
            return known
        case = note(complaint, body, actor=actor)
        for row in _moving(draft):
            with moving(complaint, Verb.ATTACH, actor=actor) as opened:
                row.complaint = opened
                row.save(update_fields=["complaint"])
                opened.facts |= row.facts
        _close(draft, case)
    return case


def left_out(draft: Draft) -> Collection[UUID]:
    """The files that were added to the draft and taken off again."""
    return uuids(typed_in(draft).get("left_out", ""))


def typed_in(draft: Draft) -> dict[str, str]:
    """The text in a draft, by field name."""
    typed: dict[str, str] = json.loads(draft.data or "{}")
    return typed


def uuids(text: str) -> list[UUID]:
    """The UUIDs in a text, parted by spaces; whatever else is in it is passed over."""
    found = []
    for word in text.split():
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found


def _close(draft: Draft, case: Complaint) -> None:
    draft.data, draft.complaint_reference, draft.updated_at = "", case.reference, timezone.now()
    draft.save()


def held(draft_id: UUID, actor: User) -> Draft:
    """The draft, locked until the transaction ends. Raises `Conflict` once it has become a complaint."""
    draft = _locked(draft_id, actor)
    if draft.complaint_reference:
        raise Conflict(
            _("This draft has become %(reference)s.") % {"reference": draft.complaint_reference},
            reference=draft.complaint_reference,
        )
    return draft


def _moving(draft: Draft) -> list[Evidence]:
    return list(draft.evidence.filter(complaint=None).exclude(pk__in=left_out(draft)))


def _locked(draft_id: UUID, actor: User) -> Draft:
    return Draft.objects.select_for_update().get(pk=draft_id, user=actor)

"""Extensions in words: one that waits, as the case page and the forms show it; and all of a clock, for its proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from complaints.models import Complaint, Extension
from sla import sentences, wording
from sla.calendar import Allowance, Unit
from sla.models import Clock


@dataclass(frozen=True, slots=True)
class ExtensionFace:
    """An extension in words. `state`: asked, approved, in_force, declined, recalled or lapsed."""

    state: str
    target_label: str
    before: str
    after: str
    allowance_before: str
    allowance: str
    reason_label: str
    reason: str
    asked_by: str
    asked: str
    answered_by: str
    answered: str
    answer_reason: str
    told: str = ""
    told_at: str = ""


def asked_face(case: Complaint) -> ExtensionFace | None:
    """The extension that waits on the case, or None. A query only where one does."""
    if not case.extension:
        return None
    waits = [asked for asked in _read().filter(complaint=case) if asked.waits]
    return _face(waits[0], timezone.now()) if waits else None


def asked_together(keys: Sequence[int]) -> dict[int, ExtensionFace]:
    """The extensions that wait for a decision on these cases, by case. One query."""
    now = timezone.now()
    return {asked.complaint_id: _face(asked, now) for asked in _read().filter(complaint__in=keys, answer="")}


def extensions_of(clock: Clock, now: datetime) -> list[ExtensionFace]:
    """Every extension that was asked for on a clock, the latest first. One query."""
    return [_face(asked, now) for asked in _read().filter(clock=clock)]


def _read() -> QuerySet[Extension]:
    return Extension.objects.select_related("clock", "asked_by", "answered_by", "message")


def _face(asked: Extension, now: datetime) -> ExtensionFace:
    unit = Unit(asked.unit)
    return ExtensionFace(
        state=_state(asked),
        target_label=str(asked.clock.get_target_display()),
        before=wording.due_words(asked.due_at_before, now),
        after=wording.due_words(asked.due_at, now),
        allowance_before=sentences.allowance(Allowance(asked.amount_before, unit)),
        allowance=sentences.allowance(Allowance(asked.amount, unit)),
        reason_label=str(asked.get_reason_code_display()),
        reason=asked.reason,
        asked_by=str(asked.asked_by),
        asked=wording.moment_words(asked.asked_at, now, with_time=True),
        answered_by=str(asked.answered_by or ""),
        answered=wording.moment_words(asked.answered_at, now, with_time=True) if asked.answered_at else "",
        answer_reason=asked.answer_reason,
        told=str(asked.message.get_means_display()) if asked.message else "",
        told_at=wording.moment_words(asked.message.at, now, with_time=True) if asked.message else "",
    )


def _state(asked: Extension) -> str:
    if asked.in_force_at is not None:
        return "in_force"
    if asked.answer == Extension.Answer.APPROVED:
        return "lapsed" if asked.lapsed_at else "approved"
    return asked.answer or "asked"

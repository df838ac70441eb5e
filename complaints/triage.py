"""What intake suggests and a person decides: how severe a complaint is, and whether it was told before. No queries here.

Both are plain rules that name their reasons (R136 to R140; a second complaint in a short time R137). Nothing is set by them.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from complaints.pieces import pieces

REPEAT_SPAN = timedelta(days=90)
FREQUENT_SPAN = timedelta(days=30)  # R137
LARGE_AMOUNT = Decimal(50_000)  # R136
SHARED_PIECES = 2  # so many pairs of characters in common make two stories alike
SCANNED = 40_000  # characters; what lies beyond is kept and not weighed

# What is mentioned, and the words that mention it. Chinese words as customers say them; Latin ones as whole words.
MENTIONS = (
    (gettext_lazy("the media"), "媒体|报社|报纸|记者|电视台|曝光|热搜|发微博|抖音|小红书|newspaper|journalist"),
    (gettext_lazy("a lawyer or a court"), "律师|起诉|法院|打官司|诉讼|仲裁|lawyer|court|sue"),
    (gettext_lazy("the police"), "警察|公安|报警|报案|派出所|经侦|police"),
    (gettext_lazy("a consumer association"), "消协|消费者协会|消保委|12315|consumer association"),
    (gettext_lazy("a government office"), "政府|信访|上访|市长热线|12345|纪委|government"),
    (gettext_lazy("a regulator"), "监管局|监管总局|银保监|银监|保监|证监|人民银行|央行|12378|12363|12386|regulator"),
    (gettext_lazy("somebody's safety"), "人身安全|受伤|自杀|轻生|跳楼|想死|不想活|打人|safety|injured|suicide"),
)  # fmt: skip
_PATTERNS = [(label, re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])", re.IGNORECASE)) for label, words in MENTIONS]

ORDINARY, MAJOR = "ordinary", "major"  # Complaint.Severity; `larger` is the clerk's own judgement


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A severity, and why: no reason, no suggestion of more than ordinary."""

    severity: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a complaint when two are held side by side: where, what about, in which words."""

    unit_id: int | None
    cause_id: int | None
    words: str


def weigh(text: str, amount: Decimal | None = None, *, recent: int = 0, is_forwarded: bool = False) -> Suggestion:
    """The severity suggested for a complaint, with its reasons in the reader's language.

    `recent` counts the same person's complaints of the last thirty days; `is_forwarded` says that an authority sent it.
    """
    reasons = [str(_("passed on by an authority"))] if is_forwarded else []
    named = [str(label) for label, pattern in _PATTERNS if pattern.search(text[:SCANNED])]
    if named:
        reasons.append(_("mentions %(what)s") % {"what": pgettext("between two of a list", ", ").join(named)})
    if amount is not None and amount >= LARGE_AMOUNT:
        reasons.append(_("claims 50,000 or more"))
    if recent:
        reasons.append(
            ngettext("one other complaint within 30 days", "%(count)s other complaints within 30 days", recent)
            % {"count": recent}
        )
    return Suggestion(MAJOR if reasons else ORDINARY, tuple(reasons))


def alike(new: Story, earlier: Story) -> list[str]:
    """What a new complaint has in common with an earlier one of the same person; empty when nothing."""
    found = []
    if new.cause_id is not None and new.cause_id == earlier.cause_id:
        found.append(_("the same cause"))
    if new.unit_id is not None and new.unit_id == earlier.unit_id:
        found.append(_("the same unit"))
    if len({*pieces(new.words)} & {*pieces(earlier.words)}) >= SHARED_PIECES:
        found.append(_("similar words"))
    return found

"""How long a text may be. Forms, the API and the verbs read it here, so that no way in is wider than another."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext as _

from accounts.errors import Invalid

WORDS = 20_000  # characters of one message, note or finding
REASON = 500  # of a reason or a reminder, which stands in the case history
NARRATIVE = 2_000_000  # of a complaint in the customer's words


def most_of(model: type[models.Model], name: str) -> int:
    """The characters that a column takes."""
    most = model._meta.get_field(name).max_length  # type: ignore[union-attr]
    assert most is not None
    return most


def too_long(given: Mapping[str, tuple[str, int]]) -> dict[str, list[str]]:
    """What is longer than it may be, by field: `given` names each text with its limit in characters."""
    return {
        name: [
            _("At most %(limit_value)d characters; there are %(show_value)d.")
            % {"limit_value": most, "show_value": len(text)}
        ]
        for name, (text, most) in given.items()
        if len(text) > most
    }


def fitting(field: str, text: str, most: int, *, missing: str = "") -> str:
    """`text` without the space around it. Raises `Invalid` under `field` when it is too long, or `missing` and not there."""
    text = text.strip()
    problems = too_long({field: (text, most)})
    if missing and not text:
        problems = {field: [missing]}
    if problems:
        raise Invalid(_("Please check the marked fields."), problems)
    return text

"""What every sentence of the case history is made of: who is named, and the words for fields and targets. No queries here."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.phrases import FIELDS
from sla.targets import Target

Names = Mapping[int, str]


class Told(Protocol):
    """What a sentence reads of an event."""

    verb: str
    actor_id: int
    facts: dict[str, Any]


class Naming:
    """Names by id; whoever is not known is somebody."""

    def __init__(self, people: Names, *, in_bold: bool) -> None:
        self.people, self.in_bold = people, in_bold

    def __getitem__(self, key: int | None) -> str:
        name = self.people.get(key or 0) or _("somebody")
        return format_html("<b>{}</b>", name) if self.in_bold else name

    def several(self, keys: Iterable[int]) -> str:
        return pgettext("between names", ", ").join(self[key] for key in keys)

    def word(self, text: str) -> str:
        return conditional_escape(text) if self.in_bold else text


def field_label(field: str) -> str:
    """A sealed field of the complainant in words."""
    return _(FIELDS[field]) if field in FIELDS else field


def target_label(target: str) -> str:
    return str(Target(target).label) if target in Target.values else target


def plainly(pattern: str) -> Callable[[Told, Naming], str]:
    """A sentence whose pattern names the actor (who) and the people of its facts (from, to)."""

    def say(event: Told, names: Naming) -> str:
        facts = event.facts
        return _(pattern) % {
            "who": names[event.actor_id],
            "from": names[facts.get("from")],
            "to": names[facts.get("to")],
        }

    return say

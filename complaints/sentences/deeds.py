"""Sentences of what people do on a case: answers, findings, outcomes, call-backs. No queries here."""

from django.utils.translation import gettext as _

from complaints.phrases import ANSWERS, FINDINGS, OPINIONS, OUTCOMES
from complaints.sentences.naming import Naming, Told, field_label


def respond(event: Told, names: Naming) -> str:
    reached = event.facts.get("delivery") in {"delivered", "sent"}
    pattern = ANSWERS.get((event.facts.get("means", ""), reached)) or ANSWERS["", reached]
    return _(pattern) % {"who": names[event.actor_id]}


def investigate(event: Told, names: Naming) -> str:
    pattern = FINDINGS.get(event.facts.get("founded", "")) or FINDINGS[""]
    return _(pattern) % {"who": names[event.actor_id]}


def resolve(event: Told, names: Naming) -> str:
    pattern = OUTCOMES.get(event.facts.get("kind", "")) or OUTCOMES[""]
    return _(pattern) % {"who": names[event.actor_id]}


def reveal(event: Told, names: Naming) -> str:
    return _("%(who)s looked at the complainant's %(field)s in full") % {
        "who": names[event.actor_id],
        "field": names.word(field_label(event.facts.get("field", ""))),
    }


def call_back(event: Told, names: Naming) -> str:
    return _(OPINIONS.get(event.facts.get("opinion", ""), OPINIONS[""])) % {"who": names[event.actor_id]}

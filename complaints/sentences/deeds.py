"""Sentences of what people do on a case: answers, findings, outcomes, call-backs. No queries here."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.sentences.naming import Naming, Told, field_label

ANSWERS: Mapping[tuple[str, bool], str] = {
    ("", True): gettext_noop("%(who)s told the customer"),
    ("phone", True): gettext_noop("%(who)s told the customer by phone"),
    ("face_to_face", True): gettext_noop("%(who)s told the customer face to face"),
    ("sms", True): gettext_noop("%(who)s told the customer by SMS"),
    ("email", True): gettext_noop("%(who)s told the customer by e-mail"),
    ("letter", True): gettext_noop("%(who)s told the customer by letter"),
    ("wechat", True): gettext_noop("%(who)s told the customer by WeChat"),
    ("no_contact", True): gettext_noop("%(who)s noted the answer; no contact was left"),
    ("", False): gettext_noop("%(who)s tried to reach the customer"),
    ("phone", False): gettext_noop("%(who)s called the customer without reaching them"),
    ("sms", False): gettext_noop("%(who)s wrote to the customer by SMS; not known to have arrived"),
    ("email", False): gettext_noop("%(who)s wrote to the customer by e-mail; not known to have arrived"),
    ("letter", False): gettext_noop("%(who)s wrote to the customer by letter; not known to have arrived"),
    ("wechat", False): gettext_noop("%(who)s wrote to the customer by WeChat; not known to have arrived"),
}
OPINIONS: Mapping[str, str] = {
    "": gettext_noop("%(who)s called the customer back without reaching them"),
    "satisfied": gettext_noop("%(who)s called the customer back: satisfied"),
    "accepted": gettext_noop("%(who)s called the customer back: they accept the outcome"),
    "not_satisfied": gettext_noop("%(who)s called the customer back: not satisfied"),
}
FINDINGS: Mapping[str, str] = {
    "": gettext_noop("%(who)s recorded the findings"),
    "yes": gettext_noop("%(who)s recorded the findings: founded"),
    "partly": gettext_noop("%(who)s recorded the findings: partly founded"),
    "no": gettext_noop("%(who)s recorded the findings: not founded"),
}
OUTCOMES: Mapping[str, str] = {
    "": gettext_noop("%(who)s told the customer the outcome"),
    "explained": gettext_noop("%(who)s told the customer the outcome: explained"),
    "corrected": gettext_noop("%(who)s told the customer the outcome: corrected"),
    "redressed": gettext_noop("%(who)s told the customer the outcome: redress given"),
    "settled": gettext_noop("%(who)s told the customer the outcome: settled by agreement"),
    "not_accepted": gettext_noop("%(who)s told the customer the outcome: demand not accepted"),
}


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

"""What an event of the case history says, in the reader's language. No queries here.

An event stores codes and keys, never prose. `sentence` makes the line of a page (names in bold, escaped), `plain` the same
line as text for the API and notices, `detail` the words a person typed with the deed (plain text, to be escaped).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from complaints.states import Verb
from sla.sentences import amount_words
from sla.targets import Target

Names = Mapping[int, str]


class Told(Protocol):
    """What a sentence reads of an event."""

    verb: str
    actor_id: int
    facts: dict[str, Any]


# The dot on the rail.
ICONS: Mapping[str, str] = {
    Verb.REGISTER: "pencil-plus",
    Verb.RESPOND: "message-2",
    Verb.TAKE: "user-check",
    Verb.HAND_OVER: "arrow-right",
    Verb.ACCEPT: "user-check",
    Verb.DECLINE: "arrow-back-up",
    Verb.RECALL: "arrow-back-up",
    Verb.ASSIGN: "user-share",
    Verb.REMIND: "bell-ringing",
    Verb.NOTE: "lock",
    Verb.ATTACH: "file-plus",
    Verb.INVESTIGATE: "zoom-check",
    Verb.RESOLVE: "checks",
    Verb.CLOSE: "archive",
    Verb.REOPEN: "rotate",
    Verb.WITHDRAW: "arrow-back-up",
    Verb.REVEAL: "eye",
    Verb.BREACH: "alarm",
    Verb.WARN: "alarm-snooze",
    Verb.ESCALATE: "stairs-up",
    Verb.RECOMPUTE: "calendar-cog",
}
MEANS_ICONS: Mapping[str, str] = {
    "phone": "phone-outgoing",
    "face_to_face": "users",
    "sms": "device-mobile-message",
    "email": "mail",
    "letter": "mail-opened",
    "wechat": "brand-wechat",
    "no_contact": "ban",
}


def people_in(events: Iterable[Told]) -> set[int]:
    """The ids of everybody whom the events name, to be resolved in one query."""
    found: set[int] = set()
    for event in events:
        found.add(event.actor_id)
        for key in ("from", "to", "away"):
            named = event.facts.get(key)
            if named is not None:
                found.update(named if isinstance(named, list) else [named])
    return found


def sentence(event: Told, people: Names) -> SafeString:
    """One line of the history for a page: <b>陈立</b> 提出移交给 <b>赵启明</b>."""
    return mark_safe(_words(event, _Names(people, in_bold=True)))  # noqa: S308  (every name in it is escaped)


def plain(event: Told, people: Names) -> str:
    """The same line as plain text."""
    return _words(event, _Names(people, in_bold=False))


def detail(event: Told) -> str:
    """What the actor wrote with the deed: a reason, a reminder. Plain text."""
    return str(event.facts.get("reason") or event.facts.get("text") or "")


class _Names:
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


def _words(event: Told, names: _Names) -> str:
    told = _PHRASES.get(event.verb)
    return told(event, names) if told else f"{names[event.actor_id]} {names.word(event.verb)}"


FIELDS: Mapping[str, str] = {
    "name": gettext_noop("name"),
    "phone": gettext_noop("phone"),
    "email": gettext_noop("e-mail"),
    "id_number": gettext_noop("document number"),
    "address": gettext_noop("address"),
    "account": gettext_noop("account"),
    "principal": gettext_noop("on behalf of"),
}
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


def _plainly(pattern: str) -> Callable[[Told, _Names], str]:
    """A sentence whose pattern names the actor (who) and the people of its facts (from, to)."""

    def say(event: Told, names: _Names) -> str:
        facts = event.facts
        return _(pattern) % {
            "who": names[event.actor_id],
            "from": names[facts.get("from")],
            "to": names[facts.get("to")],
        }

    return say


def _respond(event: Told, names: _Names) -> str:
    reached = event.facts.get("delivery") in {"delivered", "sent"}
    pattern = ANSWERS.get((event.facts.get("means", ""), reached)) or ANSWERS["", reached]
    return _(pattern) % {"who": names[event.actor_id]}


def _investigate(event: Told, names: _Names) -> str:
    pattern = FINDINGS.get(event.facts.get("founded", "")) or FINDINGS[""]
    return _(pattern) % {"who": names[event.actor_id]}


def _resolve(event: Told, names: _Names) -> str:
    pattern = OUTCOMES.get(event.facts.get("kind", "")) or OUTCOMES[""]
    return _(pattern) % {"who": names[event.actor_id]}


def _reveal(event: Told, names: _Names) -> str:
    return _("%(who)s looked at the complainant's %(field)s in full") % {
        "who": names[event.actor_id],
        "field": names.word(field_label(event.facts.get("field", ""))),
    }


def _breach(event: Told, names: _Names) -> str:
    return _("The deadline passed: %(target)s") % {"target": names.word(target_label(event.facts.get("target", "")))}


def _escalate(event: Told, names: _Names) -> str:
    target = names.word(target_label(event.facts.get("target", "")))
    told = event.facts.get("to") or []
    if not told:
        said = _("Escalated: %(target)s is overdue; no supervisor could be found") % {"target": target}
    else:
        said = _("Escalated to %(to)s: %(target)s is overdue") % {"to": names.several(told), "target": target}
    return said + _absent(event, names)


def _warn(event: Told, names: _Names) -> str:
    """提醒李敏：办结时限还剩 3 个工作日."""
    facts = event.facts
    left = facts.get("left") or ["", ""]
    words = {
        "to": names.several(facts.get("to") or []),
        "target": names.word(target_label(facts.get("target", ""))),
        "left": amount_words(*left) if left[1] else "",
        "share": facts.get("share"),
    }
    if left[1]:
        said = _("Warned %(to)s: %(left)s left for %(target)s") % words
    elif not words["share"]:
        said = _("Warned %(to)s: the deadline comes near: %(target)s") % words
    else:
        said = _("Warned %(to)s: %(share)s%% of the time for %(target)s is over") % words
    return said + _absent(event, names)


def _absent(event: Told, names: _Names) -> str:
    """Who is away, behind those who stand in for them."""
    away = event.facts.get("away")
    return _(" (away: %(names)s)") % {"names": names.several(away)} if away else ""


def _recompute(event: Told, names: _Names) -> str:
    """A date that became final, or was moved, by a newer version of the working calendar."""
    version = event.facts.get("version", "")
    moved = [one for one in event.facts.get("clocks", ()) if one.get("from") != one.get("due_at")]
    if not moved:
        return _("Deadlines are no longer provisional: working calendar version %(version)s") % {"version": version}
    targets = pgettext("between two of a list", ", ").join(target_label(one.get("target", "")) for one in moved)
    return _("Deadlines recomputed by working calendar version %(version)s: %(targets)s") % {
        "version": version,
        "targets": names.word(targets),
    }


def digest(counted: Mapping[str, int]) -> str:
    """How many of each were made up for: 到期提醒 8 项、逾期 12 项、升级督办 20 项."""
    words = (
        (Verb.WARN, ngettext("%(count)s warning", "%(count)s warnings", counted.get(Verb.WARN, 0))),
        (Verb.BREACH, ngettext("%(count)s deadline passed", "%(count)s deadlines passed", counted.get(Verb.BREACH, 0))),
        (Verb.ESCALATE, ngettext("%(count)s escalation", "%(count)s escalations", counted.get(Verb.ESCALATE, 0))),
    )
    return pgettext("between two of a list", ", ").join(
        text % {"count": counted[verb]} for verb, text in words if counted.get(verb)
    )


def field_label(field: str) -> str:
    """A sealed field of the complainant in words."""
    return _(FIELDS[field]) if field in FIELDS else field


def target_label(target: str) -> str:
    return str(Target(target).label) if target in Target.values else target


_PHRASES: Mapping[str, Callable[[Told, _Names], str]] = {
    Verb.REGISTER: _plainly(gettext_noop("%(who)s registered the complaint")),
    Verb.RESPOND: _respond,
    Verb.TAKE: _plainly(gettext_noop("%(who)s took the case over from %(from)s")),
    Verb.HAND_OVER: _plainly(gettext_noop("%(who)s offered the case to %(to)s")),
    Verb.ACCEPT: _plainly(gettext_noop("%(who)s accepted the handover from %(from)s and is the owner")),
    Verb.DECLINE: _plainly(gettext_noop("%(who)s declined the handover; %(to)s stays the owner")),
    Verb.RECALL: _plainly(gettext_noop("%(who)s took the offer to %(to)s back")),
    Verb.ASSIGN: _plainly(gettext_noop("%(who)s assigned the case from %(from)s to %(to)s")),
    Verb.REMIND: _plainly(gettext_noop("%(who)s reminded %(to)s")),
    Verb.NOTE: _plainly(gettext_noop("%(who)s wrote an internal note")),
    Verb.ATTACH: _plainly(gettext_noop("%(who)s added evidence")),
    Verb.INVESTIGATE: _investigate,
    Verb.RESOLVE: _resolve,
    Verb.CLOSE: _plainly(gettext_noop("%(who)s closed the case")),
    Verb.REOPEN: _plainly(gettext_noop("%(who)s opened the case again")),
    Verb.WITHDRAW: _plainly(gettext_noop("%(who)s recorded that the customer withdrew the complaint")),
    Verb.REVEAL: _reveal,
    Verb.BREACH: _breach,
    Verb.WARN: _warn,
    Verb.ESCALATE: _escalate,
    Verb.RECOMPUTE: _recompute,
}

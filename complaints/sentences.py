"""What an event of the case history says, in the reader's language. No queries here.

An event stores codes and keys, never prose. `sentence` makes the line of a page (names in bold, escaped), `plain` the same
line as text for the API and notices, `detail` the words a person typed with the deed (plain text, to be escaped).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.dateparse import parse_date
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from complaints.phrases import ANSWERS, FIELDS, FINDINGS, OPINIONS, OUTCOMES
from complaints.states import Verb, WaitsFor
from sla import wording
from sla.targets import Target
from sla.wording import day_words

Names = Mapping[int, str]


class Told(Protocol):
    """What a sentence reads of an event."""

    verb: str
    actor_id: int
    facts: dict[str, Any]


def people_in(events: Iterable[Told]) -> set[int]:
    """The ids of everybody whom the events name, to be resolved in one query."""
    found: set[int] = set()
    for event in events:
        found.add(event.actor_id)
        for key in ("from", "to"):
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


def _promise(event: Told, names: _Names) -> str:
    reply_at = event.facts.get("reply_at")
    values = {"who": names[event.actor_id], "when": names.word(_moment(reply_at)) if reply_at else "…"}
    return _("%(who)s agreed with the customer to reply by %(when)s") % values


def _moment(iso: str) -> str:
    local = wording.local_of(datetime.fromisoformat(iso))
    return f"{wording.day_words(local.day, local.day)} {local.time}"


def _call_back(event: Told, names: _Names) -> str:
    return _(OPINIONS.get(event.facts.get("opinion", ""), OPINIONS[""])) % {"who": names[event.actor_id]}


def _breach(event: Told, names: _Names) -> str:
    return _("The deadline passed: %(target)s") % {"target": names.word(target_label(event.facts.get("target", "")))}


def _escalate(event: Told, names: _Names) -> str:
    target = names.word(target_label(event.facts.get("target", "")))
    told = event.facts.get("to") or []
    if not told:
        return _("Escalated: %(target)s is overdue; no supervisor could be found") % {"target": target}
    return _("Escalated to %(to)s: %(target)s is overdue") % {"to": names.several(told), "target": target}


def _recompute(event: Told, names: _Names) -> str:
    """A date that became final, or was moved, by a newer version of the working calendar."""
    version = event.facts.get("version", "")
    moved = [one for one in event.facts.get("clocks", ()) if one.get("from") != one.get("due_at")]
    if not moved:
        return _("Deadlines are no longer provisional: working calendar version %(version)s") % {"version": version}
    told = pgettext("between two of a list", ", ").join(_moved(one) for one in moved)
    text = _("Deadlines recomputed by working calendar version %(version)s: %(clocks)s")
    if any(one.get("was_provisional") and not one.get("provisional") for one in moved):
        text = _("Deadlines recomputed by working calendar version %(version)s, no longer provisional: %(clocks)s")
    return text % {"version": version, "clocks": names.word(told)}


def _moved(one: Mapping[str, Any]) -> str:
    """A clock with its old and its new date: 行内办结 2027年1月15日 24:00 → 2027年1月18日 24:00."""
    return f"{target_label(one.get('target', ''))} {_date(one.get('from'))} → {_date(one.get('due_at'))}"


def _date(iso: str | None) -> str:
    """A deadline with its year, because a history is read years later. Old events may lack it."""
    if not iso:
        return ""
    local = wording.local_of(datetime.fromisoformat(iso))
    day, time = (local.ended, "24:00") if local.ended else (local.day, local.time)
    return f"{wording.day_words(day, date.min, weekday=False)} {time}"


def _extension(pattern: str) -> Callable[[Told, _Names], str]:
    """A sentence about an extension: who, for which deadline, until when."""

    def say(event: Told, names: _Names) -> str:
        day = event.facts.get("due_on", "")
        return _(pattern) % {
            "who": names[event.actor_id],
            "target": names.word(target_label(event.facts.get("target", ""))),
            "day": names.word(wording.whole_day_words(date.fromisoformat(day)) if day else ""),
        }

    return say


def _pause(event: Told, names: _Names) -> str:
    waits_for, until_on = event.facts.get("waits_for", ""), parse_date(event.facts.get("until_on", ""))
    return _("%(who)s paused the clocks until %(day)s, waiting for %(what)s") % {
        "who": names[event.actor_id],
        "day": day_words(until_on, until_on) if until_on else "",
        "what": str(WaitsFor(waits_for).label) if waits_for in WaitsFor.values else waits_for,
    }


def field_label(field: str) -> str:
    """A sealed field of the complainant in words."""
    return _(FIELDS[field]) if field in FIELDS else field


def target_label(target: str) -> str:
    return str(Target(target).label) if target in Target.values else target


_PHRASES: Mapping[str, Callable[[Told, _Names], str]] = {
    Verb.REGISTER: _plainly(gettext_noop("%(who)s registered the complaint")),
    Verb.RESPOND: _respond,
    Verb.PROMISE: _promise,
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
    Verb.CALL_BACK: _call_back,
    Verb.REOPEN: _plainly(gettext_noop("%(who)s opened the case again")),
    Verb.WITHDRAW: _plainly(gettext_noop("%(who)s recorded that the customer withdrew the complaint")),
    Verb.REVEAL: _reveal,
    Verb.ASK_EXTENSION: _extension(gettext_noop("%(who)s asked for an extension of %(target)s until %(day)s")),
    Verb.RECALL_EXTENSION: _extension(gettext_noop("%(who)s took the request for an extension of %(target)s back")),
    Verb.APPROVE_EXTENSION: _extension(gettext_noop("%(who)s approved the extension of %(target)s until %(day)s")),
    Verb.DECLINE_EXTENSION: _extension(gettext_noop("%(who)s declined the extension of %(target)s")),
    Verb.EXTEND: _extension(gettext_noop("%(who)s told the customer: %(target)s is extended until %(day)s")),
    Verb.BREACH: _breach,
    Verb.ESCALATE: _escalate,
    Verb.RECOMPUTE: _recompute,
    Verb.PAUSE: _pause,
    Verb.RESUME: _plainly(gettext_noop("%(who)s let the clocks run again")),
}

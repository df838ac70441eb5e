"""What an event of the case history says, in the reader's language. No queries here.

An event stores codes and keys, never prose. `sentence` makes the line of a page (names in bold, escaped), `plain` the same
line as text for the API and notices, `detail` the words a person typed with the deed (plain text, to be escaped).
"""

from collections.abc import Callable, Iterable, Mapping

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

from complaints.sentences import deadlines, deeds
from complaints.sentences.deadlines import digest
from complaints.sentences.naming import Names, Naming, Told, field_label, plainly, target_label
from complaints.states import Verb

__all__ = [
    "Names",
    "Told",
    "detail",
    "digest",
    "field_label",
    "people_in",
    "plain",
    "sentence",
    "target_label",
]


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
    return mark_safe(_words(event, Naming(people, in_bold=True)))  # noqa: S308  (every name in it is escaped)


def plain(event: Told, people: Names) -> str:
    """The same line as plain text."""
    return _words(event, Naming(people, in_bold=False))


def detail(event: Told) -> str:
    """What the actor wrote with the deed: a reason, a reminder. Plain text."""
    return str(event.facts.get("reason") or event.facts.get("text") or "")


def _words(event: Told, names: Naming) -> str:
    told = _PHRASES.get(event.verb)
    return told(event, names) if told else f"{names[event.actor_id]} {names.word(event.verb)}"


_PHRASES: Mapping[str, Callable[[Told, Naming], str]] = {
    Verb.REGISTER: plainly(gettext_noop("%(who)s registered the complaint")),
    Verb.RESPOND: deeds.respond,
    Verb.PROMISE: deadlines.promise,
    Verb.TAKE: plainly(gettext_noop("%(who)s took the case over from %(from)s")),
    Verb.HAND_OVER: plainly(gettext_noop("%(who)s offered the case to %(to)s")),
    Verb.ACCEPT: plainly(gettext_noop("%(who)s accepted the handover from %(from)s and is the owner")),
    Verb.DECLINE: plainly(gettext_noop("%(who)s declined the handover; %(to)s stays the owner")),
    Verb.RECALL: plainly(gettext_noop("%(who)s took the offer to %(to)s back")),
    Verb.ASSIGN: plainly(gettext_noop("%(who)s assigned the case from %(from)s to %(to)s")),
    Verb.REMIND: plainly(gettext_noop("%(who)s reminded %(to)s")),
    Verb.NOTE: plainly(gettext_noop("%(who)s wrote an internal note")),
    Verb.ATTACH: plainly(gettext_noop("%(who)s added evidence")),
    Verb.INVESTIGATE: deeds.investigate,
    Verb.RESOLVE: deeds.resolve,
    Verb.CLOSE: plainly(gettext_noop("%(who)s closed the case")),
    Verb.CALL_BACK: deeds.call_back,
    Verb.REOPEN: plainly(gettext_noop("%(who)s opened the case again")),
    Verb.WITHDRAW: plainly(gettext_noop("%(who)s recorded that the customer withdrew the complaint")),
    Verb.REVEAL: deeds.reveal,
    Verb.ASK_EXTENSION: deadlines.extension(gettext_noop("%(who)s asked for an extension of %(target)s until %(day)s")),
    Verb.RECALL_EXTENSION: deadlines.extension(
        gettext_noop("%(who)s took the request for an extension of %(target)s back")
    ),
    Verb.APPROVE_EXTENSION: deadlines.extension(
        gettext_noop("%(who)s approved the extension of %(target)s until %(day)s")
    ),
    Verb.DECLINE_EXTENSION: deadlines.extension(gettext_noop("%(who)s declined the extension of %(target)s")),
    Verb.EXTEND: deadlines.extension(gettext_noop("%(who)s told the customer: %(target)s is extended until %(day)s")),
    Verb.BREACH: deadlines.breach,
    Verb.WARN: deadlines.warn,
    Verb.ESCALATE: deadlines.escalate,
    Verb.RECOMPUTE: deadlines.recompute,
    Verb.PAUSE: deadlines.pause,
    Verb.RESUME: plainly(gettext_noop("%(who)s let the clocks run again")),
}

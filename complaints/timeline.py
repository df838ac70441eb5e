"""The case history as a page shows it: events, what was said to the customer and our notes, merged, newest first.

Everything is told by an event; messages, notes, findings and files hang on the event that made them. The newest
`PAGE` entries are read, older ones by the number of the last one shown; seven queries at most, however long the history.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from complaints import phrases, sentences
from complaints.models import CallBack, CaseEvent, Complaint, Evidence, Message, Note
from complaints.states import Verb

PAGE = 60
LONG = 1200  # characters of one text that are shown before the rest is folded away
SLACK = timedelta(minutes=1)

SAID = (Verb.RESPOND, Verb.RESOLVE, Verb.EXTEND, Verb.PROMISE, Verb.CALL_BACK)
TABS: Mapping[str, Sequence[Verb]] = {
    "said": SAID,
    "notes": (Verb.NOTE,),
    "deeds": tuple(verb for verb in Verb if verb not in {*SAID, Verb.NOTE}),
}


@dataclass(slots=True)
class Entry:
    """One entry of the rail. `kind`: event, said (the customer can see it) or note (the customer never sees it).

    `body` is what is shown at once, `rest` what is folded away behind it. `said_at` is set when the customer was told at
    another time than it was written down. `heading` is the day, on the first entry of each day.
    """

    kind: str
    verb: str
    icon: str
    at: datetime
    sentence: SafeString
    heading: date | None = None
    body: str = ""
    rest: str = ""
    detail: str = ""
    said_at: datetime | None = None
    message: Message | None = None
    evidence: Evidence | None = None
    clocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Timeline:
    """What the page shows of a history: its entries, the tabs with their counts, and where older entries begin."""

    entries: list[Entry]
    tab: str
    by_verb: Mapping[str, int]
    counts: Mapping[str, int]
    older: int | None  # the entries before this number, when there are any


def timeline(
    case: Complaint,
    people: dict[int, User],
    *,
    tab: str = "",
    before: int | None = None,
    also: Iterable[int | None] = (),
) -> Timeline:
    """The history of `case` as tab `tab` ("" for all) shows it.

    `people` are those already known, by id; everybody the history names is added, and whoever is in `also`, in one query.
    """
    tab = tab if tab in TABS else ""
    events = list(_events(case, tab, before)[: PAGE + 1])
    older = events[PAGE - 1].seq if len(events) > PAGE else None
    is_whole = not tab and before is None and older is None
    events = events[:PAGE]
    add_people(people, *sentences.people_in(events), *also)
    names = {key: str(person) for key, person in people.items()}
    entries = _entries(events, names)
    day: date | None = None
    for entry in entries:
        local = timezone.localtime(entry.at).date()
        if local != day:
            entry.heading = day = local
    by_verb = Counter(event.verb for event in events) if is_whole else _by_verb(case)
    counts = {name: sum(by_verb.get(verb, 0) for verb in verbs) for name, verbs in TABS.items()}
    return Timeline(entries, tab, by_verb, counts | {"all": sum(by_verb.values())}, older)


def add_people(people: dict[int, User], *keys: int | None) -> None:
    """Add these people by id, in one query, or none when all are known."""
    if missing := {key for key in keys if key is not None} - people.keys():
        people.update(User.objects.only("name", "username").in_bulk(missing))


def _events(case: Complaint, tab: str, before: int | None) -> Any:
    events = CaseEvent.objects.filter(complaint=case).defer("hash")
    if tab:
        events = events.filter(verb__in=TABS[tab])
    if before is not None:
        events = events.filter(seq__lt=before)
    return events


def _by_verb(case: Complaint) -> Mapping[str, int]:
    """How many events of each verb there are. One query."""
    events = CaseEvent.objects.filter(complaint=case).order_by()
    return dict(events.values_list("verb").annotate(number=Count("id")))


def _entries(events: Sequence[CaseEvent], names: sentences.Names) -> list[Entry]:
    messages: dict[Any, Message] = _by_key(Message, _keys(events, "message"))
    notes: dict[Any, Note] = _by_key(Note, _keys(events, "note"))
    calls: dict[Any, CallBack] = _by_key(CallBack, _keys(events, "call_back"))
    files = {str(key): row for key, row in _by_key(Evidence, _keys(events, "evidence")).items()}
    entries = []
    for event in events:
        entry = Entry(
            kind="event",
            verb=event.verb,
            icon=phrases.ICONS.get(event.verb, "circle"),
            at=event.at,
            sentence=sentences.sentence(event, names),
            detail=sentences.detail(event),
            clocks=_clocks(event),
        )
        if message := messages.get(event.facts.get("message")):
            entry.kind, entry.message = "said", message
            entry.icon = phrases.MEANS_ICONS.get(message.means, entry.icon)
            entry.body, entry.rest = _fold(message.body)
            entry.said_at = message.at if abs(event.at - message.at) > SLACK else None
        elif note := notes.get(event.facts.get("note")):
            entry.kind = "note"
            entry.body, entry.rest = _fold(note.body)
        elif call := calls.get(event.facts.get("call_back")):
            entry.body, entry.rest = _fold(call.words)
            entry.said_at = call.at if abs(event.at - call.at) > SLACK else None
        elif found := files.get(event.facts.get("evidence", "")):
            entry.evidence = found
        entries.append(entry)
    return entries


def _keys(events: Iterable[CaseEvent], fact: str) -> list[Any]:
    return [event.facts[fact] for event in events if fact in event.facts]


def _by_key(model: Any, keys: list[Any]) -> dict[Any, Any]:
    return model.objects.in_bulk(keys) if keys else {}


def _clocks(event: CaseEvent) -> list[dict[str, Any]]:
    """The clocks this deed stopped (kept or late), started anew when the case was opened again, or moved (`was`)."""
    if event.verb == Verb.REGISTER:
        return []
    return [
        {
            "label": sentences.target_label(clock["target"]),
            "due_at": datetime.fromisoformat(clock["due_at"]),
            "kept": clock.get("kept"),
            "was": datetime.fromisoformat(clock["from"]) if clock.get("from") not in {None, clock["due_at"]} else None,
        }
        for clock in event.facts.get("clocks", ())
    ]


def _fold(text: str) -> tuple[str, str]:
    return (text, "") if len(text) <= LONG + LONG // 4 else (text[:LONG], text[LONG:])

"""The page of one case: on the left what happened and what to do next, on the right the promises and the people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import F, Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from accounts.guards import person_of
from accounts.models import Unit, User
from complaints import sentences
from complaints.guidance import guidance
from complaints.models import Complaint
from complaints.models.complainant import MASKS
from complaints.models.reading import OPENING
from complaints.names import away_words
from complaints.rows import ClockFace, face_of
from complaints.rows.extensions import asked_face
from complaints.states import Verb
from complaints.timeline import Timeline, timeline
from sla import calendar
from sla.models import Clock

PARTS = ("owner", "first_responder", "offered_to", "staff_complained_about")
PLACES = ("unit", "owner_unit", "registered_unit")
ENDED_SHOWN = 3  # clocks that have stopped; the older ones are folded away
LINKED = 8  # complaints of the same person that are listed


@dataclass(frozen=True, slots=True)
class ClockOfCase:
    """A clock on the case page: its face, whether it is the strictest that runs, the day strip of working days, and the
    year that is not announced yet.
    """

    face: ClockFace
    leads: bool = False
    strip: str = ""
    unannounced: int | None = None


@login_required
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; for htmx asking for another tab of the history, that part alone."""
    reader = person_of(request)
    found = get_object_or_404(Complaint.objects.visible_to(reader).for_page(), reference=reference)
    people = {reader.pk: reader}
    history = timeline(
        found,
        people,
        tab=request.GET.get("tab", ""),
        before=_number(request.GET.get("before", "")),
        also=[getattr(found, f"{part}_id") for part in PARTS],
    )
    context = {"case": found, "history": history}
    if HtmxDetails(request).target == "history":
        return render(request, "complaints/_timeline.html", context)
    _introduce(found, people)
    return render(request, "complaints/case.html", context | _page(request, found, reader, history))


def _introduce(found: Complaint, people: Mapping[int, User]) -> None:
    """Put the people known already, and the units (one query), where the case refers to them."""
    units = Unit.objects.only("name").in_bulk({getattr(found, f"{place}_id") for place in PLACES})
    for known, relations in ((people, PARTS), (units, PLACES)):
        for relation in relations:
            if key := getattr(found, f"{relation}_id"):
                setattr(found, relation, known[key])


def _page(request: HttpRequest, found: Complaint, reader: User, history: Timeline) -> dict[str, Any]:
    """What stands around the history. Each query is made only where the history tells that there is something."""
    now = timezone.now()
    prefetch_related_objects([found], Prefetch("clocks", Clock.objects.select_related("calendar_version", "term")))
    opening: str = vars(found)["opening"]
    away = away_words([found.owner_id], now)
    linked = list(Complaint.objects.visible_to(reader).linked_with(found).for_link()[: LINKED + 1])
    return {
        "now": now,
        "guide": guidance(found, reader, now),
        **_clocks(found, now),
        "asked": asked_face(found),
        "fields": _fields(found),
        "offer": found.handovers.filter(answer="").select_related("unit").first() if found.offered_to_id else None,
        "findings": list(found.findings.select_related("cause").annotate(by_name=F("by__name")))
        if Verb.INVESTIGATE in history.by_verb
        else [],
        "outcomes": list(found.outcomes.annotate(by_name=F("by__name"))) if Verb.RESOLVE in history.by_verb else [],
        "call_backs": list(found.call_backs.annotate(by_name=F("by__name")))
        if Verb.CALL_BACK in history.by_verb
        else [],
        "evidence": list(found.evidence.annotate(by_name=F("by__name"))),
        "linked": linked[:LINKED],
        "has_more_linked": len(linked) > LINKED,
        "whole": request.GET.get("narrative") == "whole",
        "opening": opening[:OPENING],
        "has_more": len(opening) > OPENING,
        "owner_away": away.get(found.owner_id, "") if found.is_open else "",
        "owned_days": (timezone.localdate(now) - timezone.localdate(found.owned_since)).days + 1,
    }


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _clocks(found: Complaint, now: datetime) -> dict[str, list[ClockOfCase]]:
    """The running clocks, the strictest first; then those that have stopped, the latest first, the older ones folded away."""
    clocks = list(found.clocks.all())
    running = [clock for clock in clocks if clock.stopped_at is None]
    stopped = [clock for clock in reversed(clocks) if clock.stopped_at is not None]
    faces = [_clock(found, clock, now, leads=clock in running[:1]) for clock in (*running, *stopped)]
    shown = len(running) + ENDED_SHOWN
    return {"clocks": faces[:shown], "ended": faces[shown:]}


def _clock(found: Complaint, clock: Clock, now: datetime, *, leads: bool) -> ClockOfCase:
    url = reverse("complaints:deadline", args=[found.reference, clock.target])
    face = face_of(clock, now, f"{url}?clock={clock.pk}")
    if clock.stopped_at is not None:
        return ClockOfCase(face)
    strip = ""
    if clock.unit == calendar.Unit.WORKING_DAYS and clock.amount > 1:
        strip = _strip(clock, (clock.calendar_version_id, clock.due_at), timezone.localdate(now), get_language() or "")
    return ClockOfCase(face, leads, strip, clock.due_on.year if clock.provisional else None)


@lru_cache(maxsize=1024)
def _strip(clock: Clock, moved: tuple[int, datetime], today: date, language: str) -> SafeString:
    """The day strip of a clock, drawn once a day, language and process. What `moved` says is in the key: a clock may move."""
    days = calendar.deadline(clock.started_at, clock.allowance, clock.calendar_version.value(), clock.spans).days
    return mark_safe(render_to_string("complaints/_case_strip.html", {"days": days, "today": today}))  # noqa: S308


def _fields(found: Complaint) -> list[dict[str, str]]:
    """The sealed fields of the complainant that hold something, masked."""
    url = reverse("complaints:reveal", args=[found.reference])
    return [
        {"name": name, "label": sentences.field_label(name), "masked": masked, "url": f"{url}?field={name}"}
        for name in MASKS
        if (masked := found.complainant.masked(name))
    ]

"""Whom cases can be given to: the list that hand over and assign choose from, found as one types."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import needs_role, person_of
from accounts.roles import Role
from complaints import ownership
from complaints.forms.deeds import PersonForm
from complaints.forms.reassign import Reassign
from complaints.models import Complaint
from complaints.names import away_words
from complaints.scope import refusal
from complaints.states import Verb

OFFERED = 12  # people shown at once; more are found by typing


@login_required
@require_safe
def people(request: HttpRequest, reference: str) -> HttpResponse:
    """Those who could own the case and fit `q`, a part of their name, unit or employee number."""
    actor = person_of(request)
    case = get_object_or_404(Complaint.objects.visible_to(actor).for_page(), reference=reference)
    verb = Verb.ASSIGN if request.GET.get("for") == Verb.ASSIGN else Verb.HAND_OVER
    if refused := refusal(actor, case, verb):
        raise refused
    words = _words(request)
    listed = _listed(ownership.candidates(case, verb, actor=actor), words, request.GET.get("to", ""))
    return render(request, "complaints/_people.html", listed | {"words": words})


@require_safe
@needs_role(Role.SUPERVISOR)
def overdue_people(request: HttpRequest) -> HttpResponse:
    """Those to whom several cases can be assigned at once; whom one of the cases refuses is said of that case."""
    words = _words(request)
    listed = _listed(ownership.assignable(person_of(request)), words, request.GET.get("to", ""))
    return render(request, "complaints/_people.html", listed | {"words": words})


def offered_people(form: PersonForm | Reassign) -> dict[str, Any]:
    """The list a form opens with."""
    return _listed(form.people, "", str(form["to"].value() or ""))


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def _listed(found: Any, words: str, picked: str) -> dict[str, Any]:
    """The first memberships that fit `words`; the chosen one is always among them."""
    fit = found
    if words:
        fit = found.filter(
            Q(user__name__icontains=words)
            | Q(unit__name__icontains=words)
            | Q(user__employee_number__istartswith=words)
        )
    listed = list(fit[: OFFERED + 1])
    has_more = len(listed) > OFFERED
    listed = listed[:OFFERED]
    if picked.isdecimal() and len(picked) < 16 and not any(str(one.pk) == picked for one in listed):
        listed = [*found.filter(pk=int(picked)), *listed]
    away = away_words({one.user_id for one in listed}, timezone.now())
    for one in listed:
        one.away = away.get(one.user_id, "")
    return {"people": listed, "has_more": has_more, "picked": picked}

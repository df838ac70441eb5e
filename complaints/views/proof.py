"""Why a clock falls due when it does: one clock of a case, day by day."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import person_of
from complaints.models import Complaint
from complaints.proofs import proof, rows
from complaints.rows import face_of
from complaints.rows.extensions import extensions_of
from sla.models import Clock


@login_required
@require_safe
def deadline(request: HttpRequest, reference: str, target: str) -> HttpResponse:
    """The proof of `target`: its running clock, else its latest; `?clock=` names an earlier one of the same case."""
    case = get_object_or_404(Complaint.objects.visible_to(person_of(request)).for_page(), reference=reference)
    clocks = list(case.clocks.select_related("term__policy", "calendar_version__calendar"))
    clock = _chosen(clocks, target, request.GET.get("clock", ""))
    now = timezone.now()
    found = proof(clock, timezone.localdate(now))
    context = {
        "case": case,
        "clock": clock,
        "face": face_of(clock, now),
        "proof": found,
        "rows": rows(found),
        "extensions": extensions_of(clock, now),
        "clocks": _beside(clocks, clock),
        "now": now,
    }
    return render(request, "complaints/deadline.html", context)


def _beside(clocks: list[Clock], chosen: Clock) -> list[Clock]:
    """The clocks to go to, those that run first. Of a duty that repeats only the last turn and the chosen one."""
    last = {clock.target: clock.pk for clock in sorted(clocks, key=lambda one: one.pk)}
    shown = [one for one in clocks if not one.term.repeats or one.pk in {chosen.pk, last[one.target]}]
    return sorted(shown, key=lambda one: (one.stopped_at is not None, one.due_at))


def _chosen(clocks: list[Clock], target: str, key: str) -> Clock:
    of_target = [clock for clock in clocks if clock.target == target and key in {"", str(clock.pk)}]
    if not of_target:
        raise Http404
    return max(of_target, key=lambda clock: (clock.stopped_at is None, clock.started_at, clock.pk))

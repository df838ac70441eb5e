"""Deadline policies to read: what is in force, what is coming, what waits for a decision; and one policy with its versions."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.guards import needs_role, person_of
from accounts.roles import READERS, Role
from complaints.conditions import Vocabulary
from complaints.policy_faces import PolicyFace, differences, faces
from sla.models import Policy
from sla.policymaking import may_make_policies

MAY_READ = (*READERS, Role.ADMINISTRATOR)


def versions(**wanted: Any) -> QuerySet[Policy]:
    """Versions with all that a page says of them. Four queries, however many."""
    found = Policy.objects.filter(**wanted).select_related("drafted_by", "decided_by")
    return found.prefetch_related("terms__calendar", "terms__rungs")


@require_safe
@needs_role(*MAY_READ)
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy, by what is true of it today."""
    found = faces(versions(), Vocabulary.read(), timezone.localdate())
    newest = {face.policy.code: face.policy.number for face in sorted(found, key=lambda face: face.policy.number)}
    groups: dict[str, list[PolicyFace]] = {name: [] for name in ("waiting", "now", "coming", "shipped", "earlier")}
    for face in found:
        is_adopted = face.state == "shipped" and newest[face.policy.code] > face.policy.number
        groups["earlier" if is_adopted else face.state if face.state in groups else "earlier"].append(face)
    reader = person_of(request)
    context = {"groups": groups, "may_make": may_make_policies(reader), "reader": reader}
    return render(request, "complaints/policies.html", context)


@require_safe
@needs_role(*MAY_READ)
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of one policy, the newest first, and how a draft differs from what is in force."""
    found = faces(versions(code=code), Vocabulary.read(), timezone.localdate())
    if not found:
        raise Http404
    waiting = next((face for face in found if face.state == "waiting"), None)
    ruling = next((face for face in found if face.state == "now"), None)
    reader = person_of(request)
    context = {
        "code": code,
        "found": found,
        "shown": ruling or found[0],
        "waiting": waiting,
        "ruling": ruling,
        "differences": differences(ruling, waiting) if waiting else [],
        "may_make": may_make_policies(reader),
        "reader": reader,
    }
    return render(request, "complaints/policy.html", context)

"""What intake is told while one types: clocks, the person and a likely repeat, choices of a list. Asked by POST alone,
because a number or a name must not stand in an address or a log.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.guards import needs_role, person_of
from accounts.models import Membership, Unit
from accounts.roles import Role
from complaints.forms.intake import IntakeForm
from complaints.models import Cause
from complaints.views.beside_intake import known, promised
from complaints.views.drafts import WRITERS

SHOWN = 12
LONGEST_QUERY = 50


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: `code` is sent, `name` stands in the field, `shown` in the list; `detail` below either."""

    code: str
    name: str
    shown: SafeString | str
    detail: str = ""
    trail: str = ""


@needs_role(*WRITERS)
@require_POST
def intake_clocks(request: HttpRequest) -> HttpResponse:
    """The clocks that the form as it stands would start."""
    form = IntakeForm(request.POST, user=person_of(request))
    form.is_valid()  # what does not hold yet is left out
    found = promised(form.cleaned_data.get("received_at"), timezone.now(), form.matter())
    return render(request, "complaints/_intake_clocks.html", {"clocks": found})


@needs_role(*WRITERS)
@require_POST
def intake_known(request: HttpRequest) -> HttpResponse:
    """The person's complaints, a likely repeat and the severity suggested, from the form as it stands."""
    form = IntakeForm(request.POST, user=person_of(request))
    form.is_valid()  # what does not hold yet is left out
    found = known(form, person_of(request), timezone.now())
    return render(request, "complaints/_intake_known.html", {"known": found, "form": form, "oob": True})


@needs_role(*WRITERS)
@require_POST
def intake_options(request: HttpRequest, what: str) -> HttpResponse:
    """Choices for a field with a list: causes, units or staff."""
    words = request.POST.get(f"{what}_text", "").replace("\0", "").strip()[:LONGEST_QUERY]
    under = request.POST.get("under", "").replace("\0", "")
    if what == "cause":
        options = list(_causes(words, under))
    elif what == "unit":
        options = list(_units(words))
    elif what == "staff":
        options = list(_staff(words))
    else:
        raise Http404
    return render(request, "complaints/_intake_options.html", {"what": what, "words": words, "options": options})


def _causes(words: str, under: str) -> Iterable[Option]:
    """Causes by any part of their trail or hint, names first; without words the top of the tree, or those below `under`.

    The words may be those of a fourth level, which is not chosen here: then the cause above it is offered.
    """
    causes = Cause.objects.for_intake()
    if under:
        found = list(causes.filter(parent__code=under)[:SHOWN])
    elif words:
        fourth = Cause.objects.filter(is_active=True, level=4)
        below = fourth.filter(Q(name__icontains=words) | Q(hint__icontains=words)).order_by().values("parent")
        wanted = causes.filter(Q(trail__icontains=words) | Q(hint__icontains=words) | Q(pk__in=below))
        found = sorted(wanted[: SHOWN * 4], key=lambda cause: words.lower() not in cause.name.lower())[:SHOWN]
    else:
        found = list(causes.filter(parent=None)[:SHOWN])
    for cause in found:
        yield Option(cause.code, cause.name, marked(cause.trail, words), cause.hint, cause.trail)


def _units(words: str) -> Iterable[Option]:
    found = Unit.objects.filter(is_active=True).filter(Q(name__icontains=words) | Q(code__icontains=words))
    for unit in found.select_related("parent")[:SHOWN]:
        yield Option(unit.code, unit.name, marked(unit.name, words), unit.parent.name if unit.parent else "")


def _staff(words: str) -> Iterable[Option]:
    """Colleagues by name or employee number, with the unit they work in."""
    if not words:
        return
    named = Q(user__name__icontains=words) | Q(user__employee_number=words)
    posts = Membership.objects.in_force().exclude(role=Role.SYSTEM).filter(named)
    seen: set[int] = set()
    for post in posts.select_related("user", "unit").order_by("user__name", "user_id")[: SHOWN * 2]:
        if post.user_id not in seen and len(seen) < SHOWN:
            seen.add(post.user_id)
            yield Option(post.user.username, str(post.user), marked(str(post.user), words), str(post))


def marked(text: str, words: str) -> SafeString | str:
    """`text` with the first place that holds `words` marked."""
    at = text.lower().find(words.lower()) if words else -1
    if at < 0:
        return text
    end = at + len(words)
    return format_html("{}<mark>{}</mark>{}", text[:at], text[at:end], text[end:])

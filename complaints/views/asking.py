"""How a deed is asked for and answered, the same way for every verb: parse, find, act, answer.

Asked by htmx the form is a fragment for the dialog, otherwise a page of its own. What was typed is never lost: a form with
errors is answered with 422, a case that has moved on with 409, both with the text kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.errors import Invalid, NotAllowed, Refusal, Stale
from accounts.guards import person_of
from accounts.models import User
from complaints import sentences
from complaints.forms.deeds import DeedForm, add_errors
from complaints.models import Complaint
from complaints.scope import refusal
from complaints.states import Verb
from complaints.timeline import add_people

Act = Callable[[Complaint, Any, User], Any]

DONE: Mapping[Verb, Any] = {
    Verb.RESPOND: gettext_lazy("What the customer was told is on record"),
    Verb.PROMISE: gettext_lazy("The reply time is on record; its clock runs"),
    Verb.TAKE: gettext_lazy("You are the owner now"),
    Verb.HAND_OVER: gettext_lazy("Offered; you stay the owner until they accept"),
    Verb.ACCEPT: gettext_lazy("Accepted; you are the owner now"),
    Verb.DECLINE: gettext_lazy("Declined; the owner stays who it was"),
    Verb.RECALL: gettext_lazy("The offer is taken back"),
    Verb.ASSIGN: gettext_lazy("Assigned; the new owner is told"),
    Verb.REMIND: gettext_lazy("The owner is reminded"),
    Verb.NOTE: gettext_lazy("Note saved; the customer cannot see it"),
    Verb.ATTACH: gettext_lazy("Evidence added"),
    Verb.INVESTIGATE: gettext_lazy("Findings recorded"),
    Verb.RESOLVE: gettext_lazy("Outcome submitted; the clocks have stopped"),
    Verb.CLOSE: gettext_lazy("Closed"),
    Verb.CALL_BACK: gettext_lazy("The call-back is on record"),
    Verb.REOPEN: gettext_lazy("Opened again; the resolution clock runs"),
    Verb.WITHDRAW: gettext_lazy("Withdrawal recorded"),
    Verb.ASK_EXTENSION: gettext_lazy("Asked for; the date stays until it is approved and the customer told"),
    Verb.RECALL_EXTENSION: gettext_lazy("The request is taken back"),
    Verb.APPROVE_EXTENSION: gettext_lazy("Approved; the date moves once the customer has been told"),
    Verb.DECLINE_EXTENSION: gettext_lazy("Declined; the date stays"),
    Verb.EXTEND: gettext_lazy("The customer is told; the date has moved"),
    Verb.PAUSE: gettext_lazy("The clocks are paused"),
    Verb.RESUME: gettext_lazy("The clocks run again"),
}


@dataclass(frozen=True)
class Asked:
    """One request for one deed: who asks, for which case."""

    request: HttpRequest
    case: Complaint
    actor: User
    verb: Verb

    @property
    def htmx(self) -> HtmxDetails:
        return HtmxDetails(self.request)

    def show(self, form: DeedForm, status: int = 200, **more: Any) -> HttpResponse:
        """The form: for the place that asked for it, or as a page."""
        in_place = bool(self.htmx)
        context = {
            "case": self.case,
            "verb": self.verb,
            "form": form,
            "target": self.htmx.target if in_place and self.htmx.target == "dialog" else "deed",
            "in_dialog": in_place and self.htmx.target == "dialog",
            "body": f"complaints/deeds/{self.verb}.html",
            "now": timezone.now(),
            **more,
        }
        template = "complaints/_deed.html" if in_place else "complaints/deed.html"
        return render(self.request, template, context, status=status)

    def to_case(self) -> HttpResponse:
        """Back to the case, or to one's own work when the deed took the case out of sight."""
        seen = Complaint.objects.visible_to(self.actor).filter(pk=self.case.pk).exists()
        url = self.case.get_absolute_url() if seen else reverse("complaints:work")
        return HttpResponseClientRedirect(url) if self.htmx else redirect(url)


def deed(
    verb: Verb,
    form_class: type[DeedForm],
    act: Act,
    *,
    options: Callable[[Complaint, User], dict[str, Any]] | None = None,
    initial: Callable[[Asked], dict[str, Any]] | None = None,
    more: Callable[[Any], dict[str, Any]] | None = None,
    then: Callable[[Asked, Any, Any], HttpResponse] | None = None,
) -> Callable[..., HttpResponse]:
    """The view of `verb`: `act(case, form, actor)` calls it with what the form took.

    `options` and `initial` give the form what it needs beside the case, `more` the template what it shows beside the
    form; `then` answers otherwise than with the case.
    """

    def view(request: HttpRequest, reference: str) -> HttpResponse:
        actor = person_of(request)
        case = get_object_or_404(Complaint.objects.visible_to(actor).for_page(), reference=reference)
        asked = Asked(request, case, actor, verb)
        refused = refusal(actor, case, verb)
        given = options(case, actor) if options else {}

        def show(form: DeedForm, status: int = 200, **seen: Any) -> HttpResponse:
            return asked.show(form, status, **(more(form) if more else {}), **seen)

        if request.method != "POST" or request.POST.get("step") == "write":
            if refused:
                raise refused
            return show(form_class(case, initial=_initial(asked, initial), **given))
        if isinstance(refused, NotAllowed):
            raise refused
        form = form_class(case, request.POST, request.FILES, **given)
        if not form.is_valid():
            return show(form, 422)
        try:
            done = act(case, form, actor)
        except Invalid as error:
            add_errors(form, error.errors, str(error.message))
            return show(form, 422)
        except Refusal as error:
            return _too_late(asked, form, error, show)
        if then:
            return then(asked, form, done)
        messages.success(request, _("%(done)s · %(reference)s") % {"done": DONE[verb], "reference": case.reference})
        return asked.to_case()

    view.__name__ = view.__qualname__ = verb.value
    return login_required(require_http_methods(["GET", "HEAD", "POST"])(view))


def _initial(asked: Asked, initial: Callable[[Asked], dict[str, Any]] | None) -> dict[str, Any]:
    known: dict[str, Any] = {"version": asked.case.version} | (initial(asked) if initial else {})
    if asked.request.method == "POST":  # what was begun in the composer goes on in the form
        known["body"] = asked.request.POST.get("body", "")
    return known


def _too_late(asked: Asked, form: DeedForm, error: Refusal, show: Callable[..., HttpResponse]) -> HttpResponse:
    """409: somebody else changed the case. The text is kept, and saving again is possible once that has been read."""
    if error.status != 409:
        raise error
    change = _change(asked, error) if isinstance(error, Stale) else None
    version = error.context.get("version")
    if asked.htmx:
        context = {"change": change, "refusal": error, "version": version}
        return render(asked.request, "complaints/_too_late.html", context, status=409)
    form.data = {**dict(asked.request.POST.items()), "version": str(version or "")}
    return show(form, 409, change=change, refusal=error)


def _change(asked: Asked, error: Stale) -> dict[str, Any] | None:
    event = error.context.get("event")
    if event is None:
        return None
    people: dict[int, User] = {}
    add_people(people, *sentences.people_in([event]))
    names = {key: str(person) for key, person in people.items()}
    return {
        "person": event.actor,
        "at": event.at,
        "what": _("%(sentence)s.") % {"sentence": sentences.plain(event, names)},
        "url": asked.case.get_absolute_url(),
    }

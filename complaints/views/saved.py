"""Saved views: naming the address of a list, and forgetting it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Invalid
from accounts.guards import needs_role, person_of
from accounts.roles import READERS
from complaints import saved
from complaints.forms.filters import Filters
from complaints.models import SavedView


@require_http_methods(["GET", "POST"])
@needs_role(*READERS)
def views(request: HttpRequest) -> HttpResponse:
    """GET: the dialog that asks for a name. POST: keep the address under it and open it."""
    reader = person_of(request)
    given = request.POST if request.method == "POST" else request.GET
    address = QueryDict(given.get("query", "")[: saved.LONGEST_QUERY + 1])
    query = Filters(address, reader=reader, now=timezone.now()).to_keep()
    name, status = str(given.get("name", "")), 200
    errors: list[str] = []
    if request.method == "POST":
        try:
            view = saved.keep(name, query, actor=reader)
        except Invalid as refused:
            errors, status = refused.errors.get("name", []), 422
        else:
            return _to(request, f"{reverse('complaints:queue')}?{view.query}")
    page = "complaints/_saved_form.html" if request.htmx else "complaints/saved.html"  # type: ignore[attr-defined]
    context = {"query": query, "name": name, "errors": errors, "kept": SavedView.objects.filter(user=reader)}
    return render(request, page, context, status=status)


@require_POST
@needs_role(*READERS)
def discard(request: HttpRequest, key: int) -> HttpResponse:
    """Forget one of one's own views; somebody else's does not exist."""
    try:
        saved.discard(key, actor=person_of(request))
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The view is deleted. The complaints in it are untouched."))
    return _to(request, reverse("complaints:queue"))


def _to(request: HttpRequest, address: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)

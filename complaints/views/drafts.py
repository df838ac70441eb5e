"""Drafts of intake: kept while one types, thrown away, and the files that hang on them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.errors import Invalid
from accounts.guards import needs_role, person_of
from accounts.models import User
from complaints import drafting
from complaints.evidence import attach_to_draft
from complaints.forms.intake import IntakeForm
from complaints.models import Complaint, Draft, Evidence
from complaints.states import MOVES, Verb

WRITERS = tuple(MOVES[Verb.REGISTER].roles)
MOST_LISTED = 20
TITLE = 30  # characters


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft in the list: the first words that tell it from others."""

    id: UUID
    title: str
    channel: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A file of a draft; `is_left_out` once it was taken off again."""

    row: Evidence
    is_left_out: bool


def listed(user: User, besides: Draft | None) -> list[Listed]:
    """The clerk's own drafts with something typed in them, newest first."""
    mine = Draft.objects.filter(user=user, complaint_reference="").exclude(data=b"")
    if besides is not None:
        mine = mine.exclude(pk=besides.pk)
    return [_listed(draft, user) for draft in mine[:MOST_LISTED]]


def _listed(draft: Draft, user: User) -> Listed:
    typed = drafting.typed_in(draft)
    words = next((typed[name] for name in ("summary", "narrative", "demand") if typed.get(name)), "")
    channels = dict(Complaint.Channel.choices)
    title = words[:TITLE] or _("nothing said yet")
    return Listed(draft.pk, title, str(channels.get(typed.get("channel", ""), "")), draft.updated_at)


def files_of(draft: Draft | None) -> list[File]:
    """The files on a draft, in the order they came."""
    if draft is None:
        return []
    gone = drafting.left_out(draft)
    return [File(row, row.pk in gone) for row in draft.evidence.filter(complaint=None)]


@needs_role(*WRITERS)
@require_POST
def keep_draft(request: HttpRequest) -> HttpResponseBase:
    """Keep the form as it is typed, and say when."""
    user = person_of(request)
    drafting.keep(_draft_id(request.POST), IntakeForm(request.POST, user=user).typed, actor=user)
    return render(request, "complaints/_intake_kept.html", {"at": timezone.now()})


@needs_role(*WRITERS)
@require_http_methods(["GET", "POST"])
def discard_draft(request: HttpRequest, draft_id: UUID) -> HttpResponseBase:
    """Asked by a dialog first, because what is discarded is gone."""
    user = person_of(request)
    if request.method == "GET":
        draft = Draft.objects.exclude(data=b"").get(pk=draft_id, user=user)
        facts = [(_("Summary"), _listed(draft, user).title)]
        return render(request, "complaints/_intake_discard.html", {"draft": draft, "facts": facts})
    drafting.discard(draft_id, actor=user)
    url = reverse("complaints:register")
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)


@needs_role(*WRITERS)
@require_POST
def intake_files(request: HttpRequest) -> HttpResponse:
    """Take in one file for a draft, and answer with its files; with 422 and the reason when it is not taken."""
    draft = drafting.keep(_draft_id(request.POST), actor=person_of(request))
    error = ""
    try:
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid("", {"file": [_("Choose a file.")]})
        attach_to_draft(draft, upload, actor=person_of(request))
    except Invalid as refused:
        error = " ".join(str(text) for text in refused.errors["file"])
    context = {"files": files_of(draft), "file_error": error}
    return render(request, "complaints/_intake_files.html", context, status=422 if error else 200)


def uuid_of(text: str) -> UUID | None:
    """The UUID that a text spells, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _draft_id(data: QueryDict) -> UUID:
    found = uuid_of(data.get("draft", ""))
    if found is None:
        raise Http404
    return found

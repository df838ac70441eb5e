"""Drafts of intake: kept while one types, thrown away, and the files that hang on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.errors import Invalid
from accounts.guards import needs_role, person_of
from accounts.models import User
from complaints import drafting
from complaints.evidence import attach_to_draft
from complaints.forms.intake import IntakeForm
from complaints.forms.intake_fields import is_identity
from complaints.models import Complaint, Draft, Evidence
from complaints.models.complainant import MASKS
from complaints.states import MOVES, Verb
from sla import wording

WRITERS = tuple(MOVES[Verb.REGISTER].roles)
MOST_LISTED, MOST_READ = 20, 40  # those that hold nothing are passed over
TITLE, LONGEST_TITLE = 30, 60  # characters
PERSON = ("name", "phone", "id_number", "principal", "email", "account", "address")
FACTS = ("cause_text", "staff_text", "external_reference", "registered_mail_number", "recording_reference", "place")
FILES = Count("evidence", filter=Q(evidence__complaint=None))


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft in the list: what tells it from others."""

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
    return [found for draft in mine.annotate(files=FILES)[:MOST_READ] if (found := _listed(draft))][:MOST_LISTED]


def _listed(draft: Draft) -> Listed | None:
    """The draft, read with its number of `files`; nothing for one that holds nothing."""
    typed, files = drafting.typed_in(draft), vars(draft)["files"]
    if not files and not drafting.says_something(typed):
        return None
    channels = dict(Complaint.Channel.choices)
    return Listed(draft.pk, _title(typed, files), str(channels.get(typed.get("channel", ""), "")), draft.updated_at)


def _title(typed: Mapping[str, str], files: int) -> str:
    """The first words of the matter; before there are any the person, masked (R81), a number, or the files."""
    for name in ("summary", "narrative", "demand"):
        if words := typed.get(name, "").strip():
            return words[:TITLE]
    person = [_masked(name, text) for name in PERSON if (text := typed.get(name, "").strip())]
    facts = person or [text for name in FACTS if (text := typed.get(name, "").strip())]
    if files:
        facts.append(ngettext("%(count)s file", "%(count)s files", files) % {"count": files})
    return " · ".join(facts[:3])[:LONGEST_TITLE] or _("nothing said yet")


def _masked(name: str, text: str) -> str:
    """One field takes a phone or a document's number."""
    return MASKS["id_number" if name == "phone" and is_identity(text) else name](text)


def files_of(draft: Draft | None) -> list[File]:
    """The files on a draft, in the order they came."""
    if draft is None:
        return []
    gone = drafting.left_out(draft)
    return [File(row, row.pk in gone) for row in draft.evidence.filter(complaint=None)]


@needs_role(*WRITERS)
@require_POST
def keep_draft(request: HttpRequest) -> HttpResponseBase:
    """Keep the form as it is typed, and say when; a form with nothing in it is not kept."""
    user = person_of(request)
    draft = drafting.keep(_draft_id(request.POST), IntakeForm(request.POST, user=user).typed, actor=user)
    return render(request, "complaints/_intake_kept.html", {"at": timezone.now() if draft.data else None})


@needs_role(*WRITERS)
@require_http_methods(["GET", "POST"])
def discard_draft(request: HttpRequest, draft_id: UUID) -> HttpResponseBase:
    """Asked by a dialog first, because what is discarded is gone."""
    user = person_of(request)
    if request.method == "GET":
        draft = Draft.objects.exclude(data=b"").annotate(files=FILES).get(pk=draft_id, user=user)
        typed_at = wording.moment_words(draft.updated_at, timezone.now(), with_time=True)
        shown = _listed(draft)
        facts = [
            (pgettext("of an intake", "Draft"), shown.title if shown else _("nothing said yet")),
            (_("Channel"), shown.channel if shown else ""),
            (pgettext("moment", "Typed"), typed_at),
        ]
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

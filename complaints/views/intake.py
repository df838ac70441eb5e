"""Registering a complaint: one screen, whose text is kept on every way out of it."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.errors import Conflict, Invalid, Refusal
from accounts.guards import needs_role, person_of
from accounts.models import User
from complaints import drafting, intake
from complaints.forms.intake import ADD, LINK, IntakeForm
from complaints.models import Complaint, Draft
from complaints.scope import post_for
from complaints.states import MOVES, Verb
from complaints.views.beside_intake import Known, known, promised
from complaints.views.drafts import WRITERS, files_of, listed, uuid_of


@needs_role(*WRITERS)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponseBase:
    """The form, empty or with a draft (`?draft=`); or what was typed, to be registered."""
    user = person_of(request)
    return _save(request, user) if request.method == "POST" else _open(request, user)


def _open(request: HttpRequest, user: User) -> HttpResponseBase:
    draft_id = uuid_of(request.GET.get("draft", "")) or uuid4()
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is not None and draft.user_id != user.pk:
        raise Http404
    if draft is not None and draft.complaint_reference:
        return redirect("complaints:case", draft.complaint_reference)
    if draft is None or not draft.data:
        return _page(request, _fresh(user, draft_id), user, draft)
    typed = drafting.restore(draft_id, actor=user)
    return _page(request, IntakeForm(initial=typed | {"draft": draft_id}, user=user), user, draft, typed)


def _fresh(user: User, draft_id: UUID) -> IntakeForm:
    """An empty form: received now, about the clerk's own unit."""
    post = post_for(user, MOVES[Verb.REGISTER].roles)
    now = timezone.localtime().replace(second=0, microsecond=0)
    return IntakeForm(initial={"draft": draft_id, "received_at": now, "unit_text": post.unit_name}, user=user)


def _save(request: HttpRequest, user: User) -> HttpResponseBase:
    form = IntakeForm(request.POST, user=user)
    draft_id = uuid_of(request.POST.get("draft", ""))
    if draft_id is None:
        raise Http404
    try:
        draft = drafting.keep(draft_id, form.typed, actor=user)
        if not form.is_valid():
            return _page(request, form, user, draft, form.typed, status=422)
        found = known(form, user, timezone.now())
        if found.repeat and not form.cleaned_data["repeat"]:
            form.add_error("repeat", _("This may be a repeat. Choose what is to be done with it."))
            return _page(request, form, user, draft, form.typed, status=422)
        return _answer(request, _do(form, draft, user))
    except Conflict as refused:
        if (case := _same(form, draft_id, user)) is not None:
            return _answer(request, case)
        return _refused(request, form, user, draft_id, refused)
    except Invalid as refused:
        form.refuse(refused.errors)
        return _page(request, form, user, draft, form.typed, status=422)
    except Refusal as refused:
        return _refused(request, form, user, draft_id, refused)


def _do(form: IntakeForm, draft: Draft, user: User) -> Complaint:
    given = form.cleaned_data
    if given["repeat"] == ADD and given["repeat_of"]:
        return drafting.append(draft, given["repeat_of"], _words_for_note(form), actor=user)
    return intake.register(_intake(form), actor=user, key=str(draft.pk), digests=form.digests(), draft=draft)


def _intake(form: IntakeForm) -> intake.Intake:
    given: dict[str, Any] = form.cleaned_data
    plain = (
        "channel", "received_at", "unit", "summary", "late_entry_reason", "place", "recording_reference", "postmarked_on",
        "registered_mail_number", "external_reference", "referred_by", "alleges_violation", "cause", "product",
        "is_summary_confirmed", "narrative", "demand",
        "claimed_amount",
    )  # fmt: skip
    return intake.Intake(
        **{name: given[name] for name in plain},
        complainant=form.complainant(),
        severity=given["severity"] or Complaint.Severity.ORDINARY,
        staff_complained_about=given["staff"],
        staff_described="" if given["staff"] else given["staff_text"],
        repeat_of=given["repeat_of"] if given["repeat"] == LINK else None,
    )


def _words_for_note(form: IntakeForm) -> str:
    """What the customer added, as one text: for the complaint that it belongs to."""
    given = form.cleaned_data
    received = timezone.localtime(given["received_at"])
    channel = Complaint.Channel(given["channel"]).label
    lines = [
        _("The customer came back (%(channel)s, received %(received)s).")
        % {"channel": channel, "received": f"{received:%Y-%m-%d %H:%M}"}
    ]
    for name in ("summary", "narrative", "demand"):
        if given[name]:
            lines.append(_("%(label)s: %(text)s") % {"label": form.fields[name].label, "text": given[name]})
    return "\n".join(lines)


def _same(form: IntakeForm, draft_id: UUID, user: User) -> Complaint | None:
    """The complaint that this draft became, when it was sent again with the same content."""
    draft = Draft.objects.filter(pk=draft_id, user=user).exclude(complaint_reference="").first()
    if draft is None or not form.is_valid():
        return None
    case = Complaint.objects.visible_to(user).filter(reference=draft.complaint_reference).first()
    is_appended = case is not None and case.intake_key != str(draft_id)
    return case if case is not None and (is_appended or case.intake_digest in form.digests()) else None


def _answer(request: HttpRequest, case: Complaint) -> HttpResponseBase:
    """To the case, with a word about what happened."""
    if case.intake_key == request.POST.get("draft"):
        text = _("Registered %(reference)s; you are the first responder.")
    else:
        text = _("Added to %(reference)s; its deadlines stay as they are.")
    messages.success(request, text % {"reference": case.reference})
    url = reverse("complaints:case", args=[case.reference])
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)


def _refused(request: HttpRequest, form: IntakeForm, user: User, draft_id: UUID, refused: Refusal) -> HttpResponseBase:
    """What cannot be done with this form as it stands, said above it. A page that htmx fills keeps its form as it is."""
    if getattr(request, "htmx", False):
        raise refused
    form.add_error(None, str(refused.message))
    draft = Draft.objects.filter(pk=draft_id, user=user).first()
    return _page(request, form, user, draft, form.typed, status=refused.status)


def _page(
    request: HttpRequest,
    form: IntakeForm,
    user: User,
    draft: Draft | None,
    typed: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The whole screen, or (for htmx) the form with all that stands beside it."""
    now = timezone.now()
    probe = form if form.is_bound else IntakeForm(typed or {}, user=user)
    probe.is_valid()
    received_at = form.initial.get("received_at") if typed is None else probe.cleaned_data.get("received_at")
    context = {
        "form": form,
        "clocks": promised(received_at, now, probe.matter()),
        "known": known(probe, user, now) if typed else Known(),
        "files": files_of(draft),
        "drafts": listed(user, draft),
        "preset": " ".join(sorted(drafting.PRESET)),
        "trail": getattr(probe.cleaned_data.get("cause"), "trail", ""),
        "now": now,
        "most_megabytes": settings.EVIDENCE_MAX_BYTES // 1024 // 1024,
    }
    whole = "complaints/_intake.html" if getattr(request, "htmx", False) else "complaints/intake.html"
    return render(request, whole, context, status=status)

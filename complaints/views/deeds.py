"""The deeds on a case, one view each, named for the verb as its address is. `asking.deed` says how each is answered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from complaints import (
    aftercare,
    agreements,
    correspondence,
    evidence,
    extending,
    lifecycle,
    ownership,
    pausing,
    sentences,
)
from complaints.forms.deeds import (
    AttachForm,
    CallBackForm,
    DeedForm,
    InvestigateForm,
    NoteForm,
    PersonForm,
    PromiseForm,
    ReasonForm,
    RemindForm,
    ResolveForm,
    RevealForm,
    SaidForm,
    WithdrawForm,
)
from complaints.forms.extending import ApproveExtensionForm, AskExtensionForm, ExtendForm
from complaints.forms.pausing import PauseForm
from complaints.models import Complaint
from complaints.rows.clocks import pausable
from complaints.rows.extensions import asked_face
from complaints.states import Verb
from complaints.views.asking import Asked, deed
from complaints.views.people import offered_people
from sla import clocks


def _attach(case: Complaint, form: AttachForm, actor: User) -> None:
    """Each file is a deed of its own; the first that cannot be taken ends it, and is named."""
    for upload in form.cleaned_data["file"]:
        try:
            evidence.attach(case, upload, actor=actor)
        except Invalid as error:
            named = [
                _("%(file)s: %(problem)s") % {"file": evidence.clean_label(upload.name or ""), "problem": problem}
                for problem in error.errors.get("file", [])
            ]
            raise Invalid(error.message, {"file": named}) from error


def _said_before(asked: Asked) -> dict[str, Any]:
    """A second look at the facts begins with what was found before."""
    last = asked.case.findings.first()
    if last is None:
        return {"cause": asked.case.cause_id if asked.case.cause and asked.case.cause.level >= 4 else None}
    return {name: getattr(last, name) for name in ("facts", "founded", "root_cause", "cause", "plan")}


def _asked_for(form: RevealForm) -> dict[str, Any]:
    field = str(form["field"].value() or "")
    named = sentences.field_label(field)
    return {"asked_for": named, "heading": _("Show in full: %(field)s") % {"field": named}}


def _shown(asked: Asked, form: RevealForm, text: str) -> HttpResponse:
    """One field in full, for a minute, and in no cache (R81)."""
    field = form.cleaned_data["field"]
    context = {
        "case": asked.case,
        "field": field,
        "label": sentences.field_label(field),
        "masked": asked.case.complainant.masked(field),
        "text": text,
    }
    answer = render(asked.request, f"complaints/{'_' if asked.htmx else ''}revealed.html", context)
    answer["Cache-Control"] = "no-store"
    if asked.htmx:
        answer["HX-Trigger"] = "sw:close"
    else:
        answer["Refresh"] = f"60; url={asked.case.get_absolute_url()}"
    return answer


def _to_offer(case: Complaint, actor: User) -> dict[str, Any]:
    return {"people": ownership.candidates(case, Verb.HAND_OVER, actor=actor), "needs_reason": True}


def _to_assign(case: Complaint, actor: User) -> dict[str, Any]:
    return {"people": ownership.candidates(case, Verb.ASSIGN, actor=actor), "needs_reason": False}


def _waiting(form: DeedForm) -> dict[str, Any]:
    """The request that is decided or told of, where one waits still."""
    return {"asked": asked_face(form.case)}


respond = deed(
    Verb.RESPOND,
    SaidForm,
    lambda case, form, actor: correspondence.respond(case, form.said, actor=actor, version=form.seen_version),
)
promise = deed(
    Verb.PROMISE,
    PromiseForm,
    lambda case, form, actor: agreements.promise(case, form.agreed, actor=actor, version=form.seen_version),
)
call_back = deed(
    Verb.CALL_BACK,
    CallBackForm,
    lambda case, form, actor: aftercare.call_back(case, form.heard, actor=actor, version=form.seen_version),
)
take = deed(Verb.TAKE, DeedForm, lambda case, form, actor: ownership.take(case, actor=actor, version=form.seen_version))
hand_over = deed(
    Verb.HAND_OVER,
    PersonForm,
    lambda case, form, actor: ownership.hand_over(
        case, form.person, form.cleaned_data["reason"], unit_id=form.unit_id, actor=actor, version=form.seen_version
    ),
    options=_to_offer,
    more=offered_people,
)
accept = deed(
    Verb.ACCEPT,
    DeedForm,
    lambda case, form, actor: ownership.accept(case, actor=actor, version=form.seen_version),
    more=lambda form: {"strictest": clocks.strictest(form.case.pk)},
)
decline = deed(
    Verb.DECLINE,
    ReasonForm,
    lambda case, form, actor: ownership.decline(
        case, form.cleaned_data["reason"], actor=actor, version=form.seen_version
    ),
)
recall = deed(
    Verb.RECALL, DeedForm, lambda case, form, actor: ownership.recall(case, actor=actor, version=form.seen_version)
)
assign = deed(
    Verb.ASSIGN,
    PersonForm,
    lambda case, form, actor: ownership.assign(
        case,
        form.person,
        reason=form.cleaned_data["reason"],
        unit_id=form.unit_id,
        actor=actor,
        version=form.seen_version,
    ),
    options=_to_assign,
    more=offered_people,
)
remind = deed(
    Verb.REMIND, RemindForm, lambda case, form, actor: ownership.remind(case, form.cleaned_data["text"], actor=actor)
)
note = deed(
    Verb.NOTE, NoteForm, lambda case, form, actor: correspondence.note(case, form.cleaned_data["body"], actor=actor)
)
attach = deed(Verb.ATTACH, AttachForm, _attach)
investigate = deed(
    Verb.INVESTIGATE,
    InvestigateForm,
    lambda case, form, actor: lifecycle.investigate(case, form.established, actor=actor, version=form.seen_version),
    initial=_said_before,
)
resolve = deed(
    Verb.RESOLVE,
    ResolveForm,
    lambda case, form, actor: lifecycle.resolve(case, form.decision, actor=actor, version=form.seen_version),
)
close = deed(
    Verb.CLOSE, DeedForm, lambda case, form, actor: lifecycle.close(case, actor=actor, version=form.seen_version)
)
reopen = deed(
    Verb.REOPEN,
    ReasonForm,
    lambda case, form, actor: lifecycle.reopen(
        case, form.cleaned_data["reason"], actor=actor, version=form.seen_version
    ),
)
withdraw = deed(
    Verb.WITHDRAW,
    WithdrawForm,
    lambda case, form, actor: lifecycle.withdraw(
        case, form.cleaned_data["reason"], at=form.cleaned_data["at"], actor=actor, version=form.seen_version
    ),
)
ask_extension = deed(
    Verb.ASK_EXTENSION,
    AskExtensionForm,
    lambda case, form, actor: extending.ask_extension(case, form.wish, actor=actor, version=form.seen_version),
)
recall_extension = deed(
    Verb.RECALL_EXTENSION,
    DeedForm,
    lambda case, form, actor: extending.recall_extension(case, actor=actor, version=form.seen_version),
)
approve_extension = deed(
    Verb.APPROVE_EXTENSION,
    ApproveExtensionForm,
    lambda case, form, actor: extending.approve_extension(
        case, form.cleaned_data["reason"], actor=actor, version=form.seen_version
    ),
    more=_waiting,
)
decline_extension = deed(
    Verb.DECLINE_EXTENSION,
    ReasonForm,
    lambda case, form, actor: extending.decline_extension(
        case, form.cleaned_data["reason"], actor=actor, version=form.seen_version
    ),
    more=_waiting,
)
extend = deed(
    Verb.EXTEND,
    ExtendForm,
    lambda case, form, actor: extending.extend(case, form.said, actor=actor, version=form.seen_version),
    more=_waiting,
)
pause = deed(
    Verb.PAUSE,
    PauseForm,
    lambda case, form, actor: pausing.pause(
        case,
        form.cleaned_data["waits_for"],
        form.cleaned_data["reason"],
        form.cleaned_data["until_on"],
        evidence=form.cleaned_data["evidence"] and form.cleaned_data["evidence"].pk,
        actor=actor,
        version=form.seen_version,
    ),
    more=lambda form: {"clocks": pausable(form.case, timezone.now())},
)
resume = deed(
    Verb.RESUME,
    DeedForm,
    lambda case, form, actor: pausing.resume(case, actor=actor, version=form.seen_version),
    more=lambda form: {"clocks": pausable(form.case, timezone.now())},
)
reveal = deed(
    Verb.REVEAL,
    RevealForm,
    lambda case, form, actor: correspondence.reveal(
        case, form.cleaned_data["field"], form.cleaned_data["reason"], actor=actor
    ),
    initial=lambda asked: {"field": asked.request.GET.get("field", "")},
    more=_asked_for,
    then=_shown,
)

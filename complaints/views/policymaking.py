"""Drafting a version of a policy, and deciding it by another person (R84). The verbs are `sla.policymaking`'s."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.errors import Invalid, WrongStatus
from accounts.guards import needs_role, person_of
from accounts.roles import Role
from complaints.conditions import Vocabulary
from complaints.forms.policies import (
    MOST_TERMS,
    PREFIX,
    DecisionForm,
    PolicyForm,
    TermForm,
    Typed,
    initial_of,
    proposal_from,
)
from complaints.policy_faces import differences, effect, faces
from complaints.views.policies import versions
from sla.models import Policy
from sla.policymaking import approve, decline, draft, recall
from sla.proposals import calendars, clause_of, proposal_of

NEW_TERM = {
    "target": "resolution",
    "unit": "working_days",
    "starts": "received",
    "stops": "resolved",
    "reopening": "restarts",
}


@require_http_methods(["GET", "POST"])
@needs_role(Role.COMPLIANCE)
def draft_policy(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """A new policy, or the next version of one: opened from the version in force, or from the one named by `?from=`."""
    known = Vocabulary.read()
    newest = Policy.objects.filter(code=code).order_by("-number").first() if code else None
    if code and newest is None:
        raise Http404
    if request.method == "POST":
        return _sent(request, code, known)
    initial, terms = _opened(request, code, newest, known)
    form = PolicyForm(initial=initial, vocabulary=known, is_new=not code)
    return _page(request, code, form, [_term(number, initial=term) for number, term in enumerate(terms)])


def _opened(
    request: HttpRequest, code: str, newest: Policy | None, known: Vocabulary
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    today = timezone.localdate()
    if newest is None:
        return {"from_on": today, "seen": 0}, [NEW_TERM]
    found = list(versions(code=code))
    asked = request.GET.get("from", "")
    chosen = next((one for one in found if str(one.number) == asked), None)
    ruling = next((face.policy for face in faces(found, known, today) if face.state == "now"), None)
    base = chosen or ruling or newest
    initial = initial_of(proposal_of(base)) | {"seen": newest.number, "reason": ""}
    if base.drafted_by_id is not None or base.decision:
        initial |= {"from_on": today, "until_on": None}
    if "repeal" in request.GET:
        return initial | {"repeals": True}, []
    return initial, [vars(clause_of(term)) | {"ladder_of": term.pk} for term in base.terms.all()]


def _sent(request: HttpRequest, code: str, known: Vocabulary) -> HttpResponseBase:
    """To be changed further, or to be drafted: what was typed comes back either way."""
    typed, wish = Typed(request.POST), request.POST.get("do", "")
    if wish != "draft":
        return _changed(request, code, known, typed, wish)
    data = request.POST.copy()
    if code:
        data["code"] = code
    form = PolicyForm(data, vocabulary=known, is_new=not code)
    terms = [_term(number, data=term) for number, term in enumerate(typed.terms)]
    if not all([form.is_valid(), *(term.is_valid() for term in terms)]):
        return _page(request, code, form, terms, status=422)
    if bool(terms) is bool(form.cleaned_data["repeals"]):
        text = (
            _("Remove the terms of a version that repeals.")
            if terms
            else _("Add a term, or say that this version repeals.")
        )
        form.add_error("repeals", text)
        return _page(request, code, form, terms, status=422)
    wanted = proposal_from(form, [term.clause() for term in terms])
    try:
        made = draft(wanted, actor=person_of(request), known=known.words, seen=form.cleaned_data["seen"] or 0)
    except Invalid as refused:
        _refuse(form, terms, refused)
        return _page(request, code, form, terms, status=422)
    except WrongStatus as refused:
        form.add_error(None, str(refused.message))
        return _page(request, code, form, terms, status=refused.status)
    messages.success(
        request, _("Drafted version %(number)s; another person of compliance decides it.") % {"number": made.number}
    )
    return _gone(request, reverse("complaints:decide_policy", args=[made.code, made.number]))


def _changed(request: HttpRequest, code: str, known: Vocabulary, typed: Typed, wish: str) -> HttpResponse:
    """A term more or less, a unit or a cause taken into its list; nothing is judged yet."""
    initial, terms, touched = typed.initial, list(typed.terms), None
    if wish == "add_term" and len(terms) < MOST_TERMS:
        terms.append(dict(NEW_TERM) if not terms else NEW_TERM | {"target": _free(terms)})
        touched = len(terms) - 1
    elif wish.startswith("remove_term:") and wish[12:].isdecimal() and len(wish) < 16 and int(wish[12:]) < len(terms):
        del terms[int(wish[12:])]
    probe = PolicyForm(request.POST, vocabulary=known, is_new=not code)
    missing = {}
    for name in ("units", "causes"):
        if words := str(initial[f"{name}_add"]).strip():
            found = probe.vocabulary_code(name, words)
            if found is None:
                missing[f"{name}_add"] = _("Choose one of the list.")
            else:
                initial[name] = list(dict.fromkeys([*initial[name], found]))
                initial[f"{name}_add"] = ""
    form = PolicyForm(initial=initial | ({"code": code} if code else {}), vocabulary=known, is_new=not code)
    form.warnings |= missing
    return _page(
        request, code, form, [_term(number, initial=term) for number, term in enumerate(terms)], touched=touched
    )


def _free(terms: list[dict[str, Any]]) -> str:
    """A target that no term has yet."""
    taken = {term.get("target") for term in terms}
    return next((value for value, _label in TermForm.base_fields["target"].choices if value not in taken), "")  # type: ignore[attr-defined]


def _term(number: int, *, data: Any = None, initial: Any = None) -> TermForm:
    prefix = f"{PREFIX}-{number}"
    given = None if data is None else {f"{prefix}-{name}": value for name, value in data.items()}
    return TermForm(given, initial=initial, prefix=prefix, calendars=calendars())


def _refuse(form: PolicyForm, terms: list[TermForm], refused: Invalid) -> None:
    errors = dict(refused.errors)
    for name in [name for name in errors if name.startswith(f"{PREFIX}.")]:
        _prefix, number, field = name.split(".")
        for text in errors.pop(name):
            terms[int(number)].add_error(field, text)
    form.refuse(errors)


def _page(
    request: HttpRequest,
    code: str,
    form: PolicyForm,
    terms: list[TermForm],
    *,
    status: int = 200,
    touched: int | None = None,
) -> HttpResponse:
    first = form["from_on"].value()
    if not form.is_bound and first and str(first) < timezone.localdate().isoformat():
        form.warnings["from_on"] = _(
            "It applies to complaints received since and registered from now on; running clocks keep what they were promised."
        )
    wrong = [one for one in terms if one.is_bound and one.errors]
    context = {
        "code": code,
        "form": form,
        "terms": terms,
        "touched": touched,
        "wrong_terms": wrong,
        "may_add": len(terms) < MOST_TERMS,
        "today": timezone.localdate(),
    }
    page = "complaints/_policy_form.html" if getattr(request, "htmx", False) else "complaints/policy_draft.html"
    return render(request, page, context, status=status)


@require_http_methods(["GET", "POST"])
@needs_role(Role.COMPLIANCE)
def decide_policy(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """A draft with what it would change; its drafter may take it back, another person approves it or turns it down."""
    held = get_object_or_404(versions(), code=code, number=number, drafted_by__isnull=False)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, held, form)
        except Invalid as refused:
            for name, texts in refused.errors.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
        else:
            return _gone(request, reverse("complaints:policy", args=[code]))
    return _deciding(request, held, form)


def _decide(request: HttpRequest, held: Policy, form: DecisionForm) -> None:
    actor, reason = person_of(request), form.cleaned_data["reason"]
    match request.POST.get("do"):
        case "approve":
            approve(held, actor=actor, reason=reason)
            messages.success(
                request, _("Approved: version %(number)s counts from its first day.") % {"number": held.number}
            )
        case "decline":
            decline(held, reason, actor=actor)
            messages.success(request, _("Turned down: version %(number)s.") % {"number": held.number})
        case "recall":
            recall(held, actor=actor)
            messages.success(request, _("Taken back: version %(number)s.") % {"number": held.number})
        case _:
            raise Invalid(_("Please check the marked fields."), {"do": [_("Choose one of the list.")]})


def _deciding(request: HttpRequest, held: Policy, form: Form) -> HttpResponse:
    vocabulary, now = Vocabulary.read(), timezone.now()
    found = faces(versions(code=held.code), vocabulary, timezone.localdate(now))
    face = next(one for one in found if one.policy.pk == held.pk)
    ruling = next((one for one in found if one.state == "now"), None)
    reader = person_of(request)
    context = {
        "face": face,
        "ruling": ruling,
        "differences": differences(ruling, face),
        "effect": effect(face.policy, vocabulary, reader, now) if face.state == "waiting" else None,
        "form": form,
        "is_own": held.drafted_by_id == reader.pk,
    }
    return render(request, "complaints/policy_decide.html", context, status=422 if form.errors else 200)


def _gone(request: HttpRequest, url: str) -> HttpResponseBase:
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)

"""Pages about oneself that django-allauth does not bring."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import absences
from accounts.forms import AbsenceForm, TokenForm
from accounts.models import ApiToken, User

THEMES = ("light", "dark", "auto")
KEYS = ("on", "off")
A_YEAR = timedelta(days=365)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the system, kept in a cookie so that the server draws the next page in it; also before sign-in."""
    chosen, target = request.POST.get("theme", ""), request.POST.get("next", "")
    if chosen not in THEMES:
        return HttpResponseBadRequest()
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = redirect(target if safe else "/")
    response.set_cookie(
        "theme", chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def closed(request: HttpRequest, rest: str = "") -> HttpResponse:
    """What django-allauth brings and this house has not: people are added, and their passwords renewed, in the settings."""
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What one may do today and until when; and whether single letters are shortcuts (WCAG 2.1.4)."""
    if request.method == "POST":
        chosen = request.POST.get("keys", "")
        if chosen not in KEYS:
            return HttpResponseBadRequest()
        response = redirect("accounts:profile")
        response.set_cookie(
            "keys", chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
        return response
    return _profile(request)


def _person_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _profile(
    request: HttpRequest, form: TokenForm | None = None, absence: AbsenceForm | None = None, status: int = 200
) -> HttpResponse:
    person, now = _person_of(request), timezone.now()
    away = person.absences.filter(cancelled_at=None, until_on__gte=timezone.localdate(now)).select_related("deputy")
    held = person.memberships.in_force().select_related("unit").order_by("from_on", "id")
    tokens = person.api_tokens.filter(revoked_at=None, expires_at__gt=now).order_by("expires_at", "id")
    context = {
        "held": held,
        "tokens": tokens,
        "form": form or TokenForm(user=person),
        "absences": away,
        "absence_form": absence or AbsenceForm(person=person),
    }
    return render(request, "accounts/profile.html", context, status=status)


@require_POST
@login_required
@sensitive_post_parameters("password")
def draw_token(request: HttpRequest) -> HttpResponse:
    """A key for a machine that works under one's own name: the answer is the only page that ever shows its secret."""
    person = _person_of(request)
    form = TokenForm(request.POST, user=person)
    if not form.is_valid():
        return _profile(request, form, status=422)
    given = form.cleaned_data
    token, secret = ApiToken.issue(
        person,
        actor=person,
        expires_at=timezone.now() + timedelta(days=given["days"]),
        scopes=given["scopes"],
        name=given["name"],
    )
    return render(request, "accounts/token.html", {"token": token, "secret": secret})


@require_POST
@login_required
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own key opens nothing from now on."""
    person = _person_of(request)
    get_object_or_404(person.api_tokens.filter(revoked_at=None), pk=pk).revoke(timezone.now(), actor=person)
    return redirect("accounts:profile")


@require_POST
@login_required
def be_away(request: HttpRequest) -> HttpResponse:
    """Days on which one is away, and who stands in."""
    person = _person_of(request)
    form = AbsenceForm(request.POST, person=person)
    if not form.is_valid():
        return _profile(request, absence=form, status=422)
    absences.enter(form.instance, actor=person)
    return redirect("accounts:profile")


@require_POST
@login_required
def be_back(request: HttpRequest, pk: int) -> HttpResponse:
    """One is not away after all, or back sooner."""
    person = _person_of(request)
    absences.cancel(get_object_or_404(person.absences.filter(cancelled_at=None), pk=pk), timezone.now(), actor=person)
    return redirect("accounts:profile")

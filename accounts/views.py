"""Pages about oneself that django-allauth does not bring."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User

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
    assert isinstance(request.user, User)
    held = request.user.memberships.in_force().select_related("unit").order_by("from_on", "id")
    return render(request, "accounts/profile.html", {"held": held})

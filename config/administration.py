"""The admin's site: unfold's looks, our sign-in, and entry by role."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from unfold.sites import UnfoldAdminSite

from accounts.administration import administers

# What unfold says and has not translated; our catalogue does.
BORROWED = [
    gettext_noop("Add row"),
    gettext_noop("After you've created a user, you’ll be able to edit more user options."),
    gettext_noop("All applications"),
    gettext_noop("Apply Filters"),
    gettext_noop("Changes"),
    gettext_noop("False"),
    gettext_noop("General"),
    gettext_noop("Go back"),
    gettext_noop("Loading more results..."),
    gettext_noop("More actions"),
    gettext_noop("Next"),
    gettext_noop("No data"),
    gettext_noop("No results found"),
    gettext_noop("No results matching your query"),
    gettext_noop("Previous"),
    gettext_noop("Reset filters"),
    gettext_noop("Return to site"),
    gettext_noop("Run"),
    gettext_noop("Search apps and models..."),
    gettext_noop("Select action"),
    gettext_noop("Select action to run"),
    gettext_noop("Select all rows"),
    gettext_noop("Select record"),
    gettext_noop("Select value"),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("Toggle password visibility"),
    gettext_noop("True"),
    gettext_noop("Type to search"),
]


# unfold's menus are Alpine expressions, which its build evaluates; in everything else the pages' own policy holds here too.
UNFOLD_NEEDS = {"script-src": ["'unsafe-eval'"]}


class SettingsSite(UnfoldAdminSite):
    """Settings for administrators. Signing in and changing one's password happen where everybody does it."""

    index_title = _("Settings")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the address that leads to any row by its number: it tells references that administrators may not see."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        allowed: Callable[..., Any] = csp_update(UNFOLD_NEEDS)(super().admin_view(view, cacheable))
        return allowed

    def has_permission(self, request: HttpRequest) -> bool:
        return administers(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")

"""Sign-in is for staff whom an administrator has added: nobody signs up."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the connection, or the one our own proxies vouch for; never a header a stranger wrote."""
        if settings.AXES_IPWARE_PROXY_COUNT:
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(forwarded) >= settings.AXES_IPWARE_PROXY_COUNT:
                return str(forwarded[-settings.AXES_IPWARE_PROXY_COUNT].strip())
        return str(request.META["REMOTE_ADDR"])

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures are counted by django-axes, by the pair of user name and address."""


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The user name that a failed sign-in is counted under: one for all its spellings, so that none gives further tries.

    django-axes names it as the sign-in form does, Django by its own name; a form that asks for the password alone names none.
    """
    given = credentials or {}
    typed = given.get("username") or given.get(settings.AXES_USERNAME_FORM_FIELD) or request.POST.get("login", "")
    return unicodedata.normalize("NFKC", str(typed)).strip().casefold()[:255].replace("\0", "")

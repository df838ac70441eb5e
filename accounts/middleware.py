"""Signed out after fifteen minutes without a hand on the keyboard; personal pages kept out of every cache."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

SEEN = "seen"
NOTED_EVERY = 60  # seconds; an earlier request in the same minute writes nothing
BACKGROUND = "X-Background"  # an open page asks by itself; that is no hand on the keyboard


class IdleMiddleware:
    """Ends a session that was idle for `IDLE_SECONDS`, and notes activity at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        now, seen = int(time()), request.session.get(SEEN)
        if seen is not None and now - seen > settings.IDLE_SECONDS:
            request.session.flush()
            return self._after_idleness(request)
        elif BACKGROUND not in request.headers and (seen is None or now - seen >= NOTED_EVERY):
            request.session[SEEN] = now
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response

    def _after_idleness(self, request: HttpRequest) -> HttpResponse:
        """The answer for a session just ended; on the way to the sign-in page it says why."""
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        where = response.get("Location", "")
        if where.startswith(resolve_url(settings.LOGIN_URL)):
            response["Location"] = f"{where}{'&' if '?' in where else '?'}idle=1"
        return response

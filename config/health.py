"""Is the process alive, and is the whole thing fit for work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from config.shell import heartbeat, notified


def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers. Touches nothing else."""
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """503 while the database does not answer, or a loop is silent or behind; says which, and nothing more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        now = timezone.now()
        loops = {"sweep": heartbeat(now).ok, "notify": notified(now).ok}
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True, **loops}, status=200 if all(loops.values()) else 503)


def pulse(request: HttpRequest) -> HttpResponse:
    """What an open page asks every minute: whether the sweeps run. 401 tells it that its person was signed out."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    now = timezone.now()
    return render(request, "components/_heartbeat.html", {"sweep": heartbeat(now), "now": now})

"""Is the process alive, and is the whole thing fit for work."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from config.shell import SILENT_AFTER, heartbeat
from sla.models import Sweep


def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers. Touches nothing else."""
    return JsonResponse({"ok": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """503 while the database does not answer or waits for migrations, or a loop is silent; says which, and nothing more.

    A loop is silent when neither beat's worker nor `enforce` has finished a round of it within three minutes. `recorded` is
    false while a deadline that passed so long ago is not recorded, though the loops go round.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            return JsonResponse({"database": True, "migrations": False}, status=503)
        now = timezone.now()
        sweep, others = heartbeat(now), Sweep.objects.filter(finished_at__gte=now - SILENT_AFTER)
        alive = set(others.values_list("name", flat=True))
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    loops = {"sweep": not sweep.is_silent, "recompute": "recompute" in alive, "notify": "notify" in alive}
    found = {"database": True, "migrations": True, **loops, "recorded": not sweep.is_behind}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _is_migrated() -> bool:
    """Whether the database has come as far as this code; one that is ahead of it has."""
    return _last_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app, which the files of a running process do not change."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def pulse(request: HttpRequest) -> HttpResponse:
    """What an open page asks every minute: whether the sweeps run. 401 tells it that its person was signed out."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    now = timezone.now()
    return render(request, "components/_heartbeat.html", {"sweep": heartbeat(now), "now": now})

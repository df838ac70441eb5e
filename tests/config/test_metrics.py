"""/metrics: closed without its token; its figures are those of the rows, whichever process is asked."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from complaints.models import Complaint
from complaints.tasks import due_clocks, outdated_clocks, recompute_clocks, record_breaches
from config.enforcing import enforce
from notifications.delivery import deliver, waiting
from sla.enforcement import finished
from sla.models import Sweep
from tests.complaints.test_recompute_at_once import announce_a_holiday
from tests.conftest import Cast

TOKEN = "t" * 40
Register = Callable[..., Complaint]
Figures = Callable[[], dict[str, float]]


@pytest.fixture
def figures(settings: Settings, client: Client, db: None) -> Figures:
    """The figures, by name with labels and without the product's prefix."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[str, float]:
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return parsed(answer.content.decode())

    return read


def parsed(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name.removeprefix("shouwen_"): float(value) for name, _space, value in lines}


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Token {TOKEN}", f"bearer {TOKEN}x", TOKEN])
def test_whoever_does_not_bring_the_token_reads_nothing(settings: Settings, client: Client, given: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"authorization": given})
    assert (answer.status_code, answer.content, answer.headers["WWW-Authenticate"]) == (401, b"", "Bearer")


def test_without_a_token_there_are_no_metrics(settings: Settings, client: Client, db: None) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_each_loop_tells_its_age_and_what_it_found(figures: Figures) -> None:
    finished("sweep", 7)
    Sweep.objects.create(name="loop", finished_at=timezone.now() - timedelta(minutes=10))
    found = figures()
    assert found['loop_age_seconds{loop="sweep"}'] < 60
    assert 590 <= found['loop_age_seconds{loop="loop"}'] < 660
    assert found['loop_found{loop="sweep"}'] == 7
    assert found["database_up"] == 1


def test_what_is_overdue_and_unrecorded_is_counted_until_it_is_recorded(register: Register, figures: Figures) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=10)):
        register("fiona", received_at=timezone.now() - timedelta(hours=30))
    register(
        "fiona", received_at=timezone.now() - timedelta(hours=30)
    )  # entered late: nobody can have recorded it before
    found = figures()
    assert (found["clocks_unrecorded"], found["clocks_unrecorded_late"]) == (2, 1)
    assert 590 <= found["clocks_unrecorded_oldest_seconds"] < 660
    for handful in due_clocks():
        record_breaches(handful)
    found = figures()
    assert {found[name] for name in found if name.startswith("clocks_unrecorded")} == {0}


def test_what_waits_to_be_recomputed_and_told_is_counted(register: Register, figures: Figures, cast: Cast) -> None:
    register("fiona")
    announce_a_holiday()
    assert figures()["clocks_to_recompute"] == 1
    for handful in outdated_clocks():
        recompute_clocks(handful)
    assert (figures()["clocks_to_recompute"], figures()["notifications_waiting"]) == (0, 1)
    assert waiting(timezone.now()) == deliver(timezone.now()) == 1
    assert figures()["notifications_waiting"] == 0


def test_after_a_round_nothing_waits(register: Register, figures: Figures) -> None:
    register("fiona", received_at=timezone.now() - timedelta(hours=30))
    enforce()
    assert {value for name, value in figures().items() if "age" not in name and "found" not in name} == {0, 1}


def test_a_database_that_fails_is_a_figure(figures: Figures) -> None:
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")  # nothing more is answered in this transaction
    assert figures() == {"database_up": 0}


def test_the_figures_cost_the_same_for_many_rows(
    register: Register, figures: Figures, django_assert_num_queries: Callable[[int], object]
) -> None:
    for _ in range(3):
        register("fiona", received_at=timezone.now() - timedelta(hours=30))
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        figures()


@pytest.fixture
def served(db: None) -> Iterator[str]:
    """The address of a web server of two processes that counts requests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:config.web", "config.wsgi"],
        cwd=Path(__file__).parents[2],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url, "METRICS_TOKEN": TOKEN}
        | {"PORT": str(port), "WEB_WORKERS": "2", "WEB_THREADS": "1", "SHOUWEN_DEMO": "1"},
    )
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    server.wait(30)


@pytest.mark.slow
def test_requests_are_counted_over_all_processes(served: str) -> None:
    deadline = time.monotonic() + 60
    while not _answers(f"{served}/healthz"):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    for _ in range(20):
        assert _answers(f"{served}/healthz")
    asked = urllib.request.Request(f"{served}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310
    counted = []
    for _ in range(6):
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            text = answer.read().decode()
        found = re.search(r"^django_http_responses_before_middlewares_total (\S+)", text, re.M)
        assert found
        counted.append(float(found[1]))
    assert counted[0] >= 21
    names = {line.partition("{")[0].split()[0] for line in text.splitlines() if line.startswith("django")}
    assert {name for name in names if "_middlewares_" not in name} == set(), "no noughts of what is not counted"
    assert counted == [counted[0] + more for more in range(6)], "whichever process is asked"


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False

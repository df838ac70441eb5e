"""gunicorn's settings: a few threads in a few processes. HOST, PORT, WEB_WORKERS and WEB_THREADS choose the size."""

import os
import shutil
import tempfile
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from config import leash

if os.environ.get(
    "METRICS_TOKEN"
):  # before anything imports prometheus_client: the workers count in files of one folder
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="shouwen-metrics-")
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - holds gunicorn's heartbeats
control_socket_disable = True
forwarder_headers = ""  # no header of a request says where the site is served
# Method, path, status, bytes, milliseconds: no query string, which may carry a name that was searched for.
accesslog = None if os.environ.get("SHOUWEN_DEMO") == "1" else "-"
access_log_format = "%(h)s %(m)s %(U)s %(s)s %(B)s %(M)s"


def post_fork(server: Arbiter, worker: Worker) -> None:
    """A master that is killed takes its workers with it."""
    leash.die_with_parent()


def child_exit(server: Arbiter, worker: Worker) -> None:
    """What a worker that is gone has counted stays in the sums; only its gauges would go."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Arbiter) -> None:
    """The counts begin anew with the next start, as Prometheus expects of a program that was restarted."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)

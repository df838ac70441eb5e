"""`enforce`: every sweep once, now, in this process. With `--loop` again and again, beside beat or without it."""

import json
import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.enforcing import enforce, rounds


class Command(BaseCommand):
    help = (
        "Runs every sweep once, now, in this process: warnings, breaches, escalations, recomputed deadlines, notices."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one line of JSON")
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM; of several loops one works")
        parser.add_argument("--every", type=float, default=20.0, metavar="SECONDS", help="of the loop (20)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            self._say(enforce(), as_json=options["json"])
            return
        stop = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        for found in rounds(options["every"], stop, settings.PING_URL):
            if any(found.values()):
                self._say(found, as_json=options["json"])

    def _say(self, found: dict[str, int], *, as_json: bool) -> None:
        words = json.dumps(found) if as_json else ", ".join(f"{number} {word}" for word, number in found.items())
        self.stdout.write(words)
        self.stdout.flush()

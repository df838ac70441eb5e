"""Many complaints at once, for trials and benchmarks."""

import json
import os
import time
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import Refusal
from accounts.models import Membership, Unit
from accounts.roles import Role
from config import checks
from config.demo import bulk, causes, people, rules


class Command(BaseCommand):
    """`seed COUNT`."""

    help = "Adds COUNT invented complaints, as consistent as if each had come through the verbs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, help="how many")
        parser.add_argument("--days", type=int, default=730, help="over how many days up to now (730)")
        parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1), help="how many write at once")
        parser.add_argument("--random", type=int, help="the same number gives the same complaints")
        parser.add_argument("--json", action="store_true", help="answer on one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Without an institution, the demo's is founded first; in production its people get no passwords."""
        count, days = options["count"], options["days"]
        if count < 1 or not 1 <= days <= 7_300 or options["processes"] < 1:
            raise CommandError("COUNT and --processes must be at least 1, and --days between 1 and 7300.")
        if not Unit.objects.exists():
            people.found(with_sign_ins=not checks.in_production())
            causes.fill()
            rules.adopt()
        if not Membership.objects.in_force().filter(role__in=(Role.FRONT_DESK, Role.HANDLER)).exists():
            raise CommandError("Nobody handles complaints here yet. Give somebody the role of front desk or handler.")
        began = time.monotonic()
        try:
            self._add(began, **options)
        except Refusal as refused:
            raise CommandError(str(refused)) from refused
        except BrokenProcessPool as broken:
            raise CommandError("A writing process has ended. Whole batches are kept; nothing is half done.") from broken
        seconds = time.monotonic() - began
        bulk.analyze()
        answer = {"complaints": count, "seconds": round(seconds, 1), "a_minute": round(count / seconds * 60)}
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(f"{count:,} complaints in {seconds:.1f} s: {answer['a_minute']:,} a minute.")

    def _add(self, began: float, **options: Any) -> None:
        count = options["count"]
        for done in bulk.seed(count, days=options["days"], processes=options["processes"], random=options["random"]):
            if not options["json"] and options["verbosity"]:
                self.stdout.write(f"{done:,} of {count:,}, {done / (time.monotonic() - began) * 60:,.0f} a minute")

"""`enforce`: every sweep once, now, in this process. What the workers do all day, for a machine without them."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.tasks import due_clocks, outdated_clocks, recompute_clocks, record_breaches
from notifications.delivery import deliver
from sla import enforcement, recomputing


class Command(BaseCommand):
    help = "Runs every sweep once, now, in this process: breaches, escalations, recomputed deadlines, notices."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        breached = sum(record_breaches(handful) for handful in due_clocks())
        enforcement.finished("sweep", breached)
        recomputed = sum(recompute_clocks(handful) for handful in outdated_clocks())
        recomputing.settle(timezone.now())
        enforcement.finished("recompute", recomputed)
        notified = deliver(timezone.now())
        enforcement.finished("notify", notified)
        # a breach and its escalation are written in one transaction, so the two numbers are one
        found = {"breached": breached, "escalated": breached, "recomputed": recomputed, "notified": notified}
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(", ".join(f"{number} {word}" for word, number in found.items()))

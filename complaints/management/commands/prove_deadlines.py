"""`prove_deadlines`: replays every case history and proves that each stored deadline is what follows from it."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints.replaying import Difference, Replay, differences

MOST_NAMED = 10_000  # in the JSON answer; the count is of all


class Command(BaseCommand):
    help = "Replays every case history with the engine; names each deadline that differs, and exits 1 if there is any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer on one line of JSON")

    def handle(self, *args: object, json: bool, **options: object) -> None:
        """Raises CommandError when something differs."""
        replay, found, named = Replay(), 0, list[dict[str, Any]]()
        started = time.perf_counter()
        for one in differences(replay):
            found += 1
            if not json:
                self.stdout.write(_sentence(one))
            elif len(named) < MOST_NAMED:
                named.append(asdict(one))
        seconds = time.perf_counter() - started
        looked_at: dict[str, Any] = {**asdict(replay), "seconds": round(seconds, 1)}
        if json:
            self.stdout.write(_as_json({**looked_at, "different_count": found, "different": named}))
        else:
            self.stdout.write(
                _("%(clocks)s clocks of %(complaints)s complaints were replayed in %(seconds)s seconds.") % looked_at
            )
        if found:
            raise CommandError(_("%(count)s differences were found.") % {"count": found})


def _as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _sentence(one: Difference) -> str:
    """A difference, said in the reader's language."""
    said = {
        "gone": _("an event tells of a clock that is not there"),
        "unpromised": _("no event promised it"),
        "promise": _("the date that was promised"),
        "from": _("the date that a deed moved"),
        "move": _("the date that a deed moved it to"),
        "started_at": _("when it started"),
        "due_at": _("when it is due"),
        "version": _("the date by its version of the calendar"),
        "due_on": _("its last day"),
        "provisional": _("whether it is provisional"),
        "amount": _("its allowance"),
        "pauses": _("its pauses"),
        "original_due_at": _("when it was first due"),
        "original_due_on": _("its first last day"),
        "stopped_at": _("when it stopped"),
        "breached_at": _("its breach"),
    }[one.what]
    where = f"{one.reference}{f' #{one.seq}' if one.seq else ''} {one.target} {one.clock or ''}".strip()
    if not one.found and not one.replayed:
        return f"{where}: {said}"
    values = {"where": where, "what": said, "found": one.found, "replayed": one.replayed}
    return _("%(where)s: %(what)s is %(found)s, but the history gives %(replayed)s") % values

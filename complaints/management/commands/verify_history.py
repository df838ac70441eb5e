"""`verify_history`: proves that no case history or row history was changed, removed or reordered."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from complaints.integrity import Broken, Proof, broken

MOST_NAMED = 10_000  # in the JSON answer; the count is of all


class Command(BaseCommand):
    help = "Proves both histories; names each broken row, and exits 1 if there is any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", help="only complaints with an event since then (2026-02-10, or with time and offset)"
        )
        parser.add_argument("--files", action="store_true", help="read and hash every file on disk as well")
        parser.add_argument("--json", action="store_true", help="answer on one line of JSON")

    def handle(self, *args: object, since: str | None, files: bool, json: bool, **options: object) -> None:
        """Raises CommandError when something is broken, and for a `since` that is no date."""
        proof, found, named = Proof(), 0, list[dict[str, Any]]()
        for row in broken(proof, _moment(since) if since else None, files=files):
            found += 1
            if not json:
                self.stdout.write(_sentence(row))
            elif len(named) < MOST_NAMED:
                named.append(asdict(row))
        if json:
            self.stdout.write(_as_json({**asdict(proof), "broken_count": found, "broken": named}))
        else:
            looked_at = asdict(proof)
            self.stdout.write(
                _("%(complaints)s complaints, %(events)s events and %(rows)s rows were compared.") % looked_at
            )
        if found:
            raise CommandError(_("%(count)s rows are broken.") % {"count": found})


def _moment(text: str) -> datetime:
    """A moment, or the start of a day. Raises CommandError."""
    try:
        if day := parse_date(text):
            return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware at once
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CommandError(_("Write the time in ISO 8601, such as 2026-02-10T10:00:00+08:00."))
    return moment


def _as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _sentence(row: Broken) -> str:
    """A broken row, said in the reader's language."""
    said = {
        "gap": _("events before this one are missing"),
        "hash": _("its content, or what came before it, was changed"),
        "twice": _("it stands there twice"),
        "no_row": _("its row history is missing"),
        "other_deed": _("it names another person, deed or status than the event"),
        "head": _("the last events are missing, or the complaint was changed"),
        "status": _("its status is not the one of its last event"),
        "gone": _("the row itself is gone"),
        "untold": _("it has no history"),
        "differs": _("it is not what its history holds"),
        "unnamed": _("no event names it"),
        "names_nothing": _("the row it names is not there"),
        "no_event": _("no event stands behind it"),
        "told_otherwise": _("it is not what this event says of it"),
        "no_file": _("its file is gone"),
        "other_file": _("its file is not the one that was taken in"),
    }[row.what]
    where = f"{row.reference} #{row.seq}" if row.seq is not None else row.reference
    return " ".join(filter(None, [where, f"{row.table} {row.id}:", said]))

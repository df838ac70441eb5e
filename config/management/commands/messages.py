"""The Chinese catalogue, kept with Babel, so that no gettext programs are needed.

`messages` brings locale/zh_Hans up to date with the sources, `messages --check` fails when it is not complete,
`messages --compile` writes the file that Django reads. Translations may be handed in as JSON objects in locale/inbox:
`{"msgid": "中文", "context|msgid": "中文", "plural's singular": ["中文"]}`.
"""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import catalogue

SHOWN = 50  # names listed before the rest is only counted


class Command(BaseCommand):
    """Merge, check or compile."""

    help = "Merges new messages into the Chinese catalogue; --check judges it, --compile makes it readable to Django."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when the catalogue is not complete")
        parser.add_argument("--compile", action="store_true", help="write the .mo file")
        parser.add_argument("--base", type=Path, default=Path(settings.BASE_DIR), help="the sources' folder")

    def handle(self, *args: object, base: Path, **options: object) -> None:
        """Raises CommandError when --check finds anything."""
        path = base / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        if options["compile"]:
            catalogue.write_mo(catalogue.read(path), path.with_suffix(".mo"))
            return
        wanted = catalogue.extract(base)
        if options["check"]:
            self._check(wanted, catalogue.read(path))
            return
        handed_in: dict[str, str | list[str]] = {}
        corrected: set[str] = set()
        for inbox in sorted((base / "locale" / "inbox").glob("*.json"), key=_changed):
            entries = json.loads(inbox.read_text())
            handed_in.update(entries)
            if _changed(inbox) > _changed(path):  # later than the catalogue: it may correct what is there
                corrected.update(entries)
        merged = catalogue.merge(wanted, catalogue.read(path), handed_in, corrected)
        catalogue.write(merged, path)
        empty = [catalogue.name(message) for message in merged if message.id and not catalogue.translated(message)]
        self.stdout.write(f"{len(merged)} messages, {len(empty)} untranslated")
        self._list(empty)

    def _check(self, wanted: catalogue.Catalog, present: catalogue.Catalog) -> None:
        faults = catalogue.faults(wanted, present)
        if faults:
            self._list(faults)
            raise CommandError(
                f"{len(faults)} faults in the Chinese catalogue; `manage.py messages` merges the sources."
            )

    def _list(self, lines: list[str]) -> None:
        for line in lines[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN:
            self.stdout.write(f"  … and {len(lines) - SHOWN} more")


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0

"""The register book from the command line, as the page makes it: CSV or XLSX, by the file's ending."""

import json
import os
import shutil
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from reports.exports import register_csv, register_xlsx
from reports.models import Export
from reports.periods import Period


class Command(BaseCommand):
    """`register --from 2026-01-01 --to 2026-03-31 --out book.xlsx`: every complaint received in these days."""

    help = "Writes the complaint register of a span of days as CSV or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=_day, required=True, help="the first day of receipt")
        parser.add_argument("--to", dest="last", type=_day, required=True, help="the last day of receipt")
        parser.add_argument("--out", type=Path, required=True, help="the file to write, .csv or .xlsx")
        parser.add_argument("--json", action="store_true", help="answer with one line of JSON")

    def handle(self, *args: Any, first: date, last: date, out: Path, **options: Any) -> None:
        """Raises CommandError when the days or the file's name do not hold. The file appears whole or not at all."""
        form = out.suffix.lstrip(".").lower()
        if form not in Export.Form.values:
            raise CommandError(_("The name of the file must end in .csv or .xlsx."))
        if last < first:
            raise CommandError(_("The last day cannot lie before the first."))
        period, now, system = Period(first, last), timezone.now(), User.objects.system()
        draft = out.with_name(f".{out.name}.{os.getpid()}")
        try:
            with draft.open("wb") as file:
                if form == Export.Form.CSV:
                    file.writelines(register_csv(period, now, actor=system))
                else:
                    with register_xlsx(period, now, _("Complaint register"), actor=system) as made:
                        shutil.copyfileobj(made, file)
            draft.replace(out)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise CommandError(f"{out}: {error.strerror}") from error
        self._answer(Export.objects.filter(by=system).latest("id"), out, options["json"])

    def _answer(self, export: Export, out: Path, as_json: bool) -> None:
        told = {"rows": export.rows, "from": f"{export.first_on}", "to": f"{export.last_on}", "out": str(out)}
        words = _("%(rows)s complaints written to %(out)s.") % told
        self.stdout.write(json.dumps(told, ensure_ascii=False) if as_json else words)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("%(text)s is not a day like 2026-02-28.") % {"text": text}) from error

"""Taking figures and cases out of the house: each export is recorded before its first byte leaves (R83)."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scope import access_of
from reports.book import Book, booked
from reports.models import Export
from reports.monthly import cases_table, clocks_table, figures_table, month_of
from reports.periods import Period
from reports.sheets import Workbook, csv_lines


def record(what: Export.What, form: Export.Form, period: Period, rows: int, *, actor: User) -> Export:
    """Write down who takes what out."""
    return Export.objects.create(what=what, form=form, first_on=period.first, last_on=period.last, rows=rows, by=actor)


def recorded(what: Export.What, reader: User) -> "QuerySet[Export]":
    """The latest exports: everybody's for those who see the whole institution, one's own for the others."""
    found = Export.objects.filter(what=what).select_related("by")
    return found if access_of(reader).whole else found.filter(by=reader)


def register_csv(period: Period, now: datetime, *, actor: User) -> Iterator[bytes]:
    """The register book of a period as CSV, in pieces."""
    book = Book(actor, period, now)
    record(Export.What.REGISTER, Export.Form.CSV, period, len(book), actor=actor)
    return csv_lines([column.heading for column in book.columns], book.rows())


def register_xlsx(period: Period, now: datetime, sheet: str, *, actor: User) -> "IO[bytes]":
    """The register book of a period as XLSX, in a temporary file that is gone when it is closed."""
    book = Book(actor, period, now)
    record(Export.What.REGISTER, Export.Form.XLSX, period, len(book), actor=actor)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    workbook = Workbook(file)
    columns = book.columns
    workbook.table(sheet, [column.heading for column in columns], book.rows(), [column.width for column in columns])
    workbook.close()
    file.seek(0)
    return file


def monthly_xlsx(period: Period, now: datetime, *, actor: User) -> "IO[bytes]":
    """The monthly statistics as XLSX: the table, the month's complaints, and the clocks that fell due in it."""
    month = month_of(actor, period, now)
    record(Export.What.MONTHLY, Export.Form.XLSX, period, booked(actor, period, now).count(), actor=actor)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever sends it closes it)
    workbook = Workbook(file)
    headings = [_("Heading"), _("Row"), _("This month"), _("Month before"), _("Change")]
    workbook.table(_("Monthly statistics"), headings, figures_table(month), [24, 28, 12, 12, 10])
    workbook.table(_("Complaints of the month"), *cases_table(actor, period, now), widths=[20, 17, *[16] * 11, 40])
    workbook.table(_("Clocks due in the month"), *clocks_table(actor, period, now), widths=[20, 14, 17, 17, 10, 18])
    workbook.close()
    file.seek(0)
    return file

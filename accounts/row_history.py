"""Row history, as every table that a person edits keeps it."""

from functools import cache
from typing import Any, Self

from django.db.models import QuerySet
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class RowManager(HistoryManager):
    """The library derives a manager class anew at every access, which is a tenth of a save; here it is derived once."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[QuerySet[Any]], class_name: str | None = None) -> type[Self]:
        derived: type[Self] = super().from_queryset(queryset_class, class_name)
        return derived


class RowHistory(HistoricalRecords):
    """What a row held, when, and who changed it by which deed; no rule reads it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"history_manager": RowManager} | options)

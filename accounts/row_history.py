"""Row history, as every table that a person edits keeps it."""

from collections.abc import Iterable
from functools import cache
from typing import Any, Self

from django.db.models import Model, QuerySet
from django.utils import timezone
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
    """What a row held, when, and who changed it by which deed; no rule reads it.

    It is read by the row's id, or in order of time. Those two have an index and nothing else has: every deed writes here.

    A save of nothing but `silent_fields` is no change: signing in is no change of the person.
    """

    def __init__(self, *, silent_fields: Iterable[str] = (), **options: Any) -> None:
        super().__init__(**{"history_manager": RowManager} | options)
        self.silent_fields = frozenset(silent_fields)

    def copy_fields(self, model: type[Model]) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name == model._meta.pk.name
        return fields

    def get_extra_fields(self, model: type[Model], fields: dict[str, Any]) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        extra["history_user"].db_index = False
        return extra

    def post_save(self, instance: Model, created: bool, using: str | None = None, **options: Any) -> None:
        if (saved := options.get("update_fields")) and set(saved) <= self.silent_fields:
            return
        super().post_save(instance, created, using=using, **options)

    def create_historical_record(self, instance: Model, history_type: str, using: str | None = None) -> None:
        self.copy_of(instance, history_type).save(using=using, force_insert=True)

    def copy_of(self, instance: Model, history_type: str) -> Model:
        """The row as it stands in the table, unsaved: what is sealed is copied sealed, so that the two can be compared."""
        copy: Model = getattr(type(instance), self.manager_name).model(
            history_date=getattr(instance, "_history_date", None) or timezone.now(),
            history_type=history_type,
            history_user=self.get_history_user(instance),
            history_change_reason=self.get_change_reason_for_object(instance, history_type, None),
        )
        for field in self.fields_included(instance):
            name = field.attname
            copy.__dict__[name] = instance.__dict__[name] if name in instance.__dict__ else getattr(instance, name)
        return copy

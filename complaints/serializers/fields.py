"""Fields that the inputs share: moments with an offset, amounts, and rows named by their code."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field[datetime, Any, str, Any]):
    """A moment in ISO 8601 with its offset from UTC. Without one it is refused, never guessed."""

    default_error_messages = {
        "invalid": _("Write the time in ISO 8601, such as 2026-02-10T10:00:00+08:00."),
        "naive": _("Add the offset from UTC, such as 2026-02-10T10:00:00+08:00."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        try:
            moment = parse_datetime(data) if isinstance(data, str) else None
            if moment is None:
                self.fail("invalid")
            if moment.tzinfo is None:
                self.fail("naive")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


class Amount(serializers.DecimalField):
    """An amount of money, zero or more; empty text stands for none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=Decimal(0), allow_null=True, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(None if data == "" else data)


class Coded(serializers.SlugRelatedField[Any]):
    """A row named by a code that people know, such as a unit's code or a user name."""

    default_error_messages = {
        "does_not_exist": _("“{value}” is not known here."),
        "invalid": _("Give the code as text."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def text(most: int, **options: Any) -> serializers.CharField:
    """An optional text of `most` characters at most."""
    return serializers.CharField(max_length=most, **{"required": False, "allow_blank": True} | options)


def version() -> serializers.IntegerField:
    """The version of the complaint that the caller has seen; another one is answered with 409."""
    return serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, allow_null=True, help_text="As read; 409 when it has changed."
    )


def read(shape: type[serializers.Serializer[Any]], body: Any) -> dict[str, Any]:
    """`body` as validated by `shape`. Raises ValidationError by field.

    A serializer that is only asked to validate keeps no state, so each is built once: building one costs more than
    everything it then does.
    """
    given: dict[str, Any] = _built(shape).run_validation(body)
    return given


@cache
def _built(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    return shape()

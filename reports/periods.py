"""Spans of whole days in the institution's zone. Figures of a period and the lists behind them use the same edges."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.utils import timezone

ONE_DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    """The moment at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> Self:
        """So many days up to and with `last`."""
        return cls(last - timedelta(days=days - 1), last)

    @classmethod
    def month(cls, day: date) -> Self:
        """The calendar month that holds `day`."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1)]

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return midnight(self.last + ONE_DAY)

    @property
    def before(self) -> "Period":
        """The period of the same length that ends the day before."""
        return Period.ending(self.first - ONE_DAY, (self.last - self.first).days + 1)

    @property
    def month_before(self) -> "Period":
        """The calendar month before the one in which the period begins."""
        return Period.month(self.first.replace(day=1) - ONE_DAY)

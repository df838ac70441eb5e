"""What the pages of the calendars take."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sla import sentences
from sla.calendar import Unreckonable, read_hours, write_hours
from sla.models import Calendar, CalendarVersion
from sla.publication import Week, week_of

LARGEST = 256 * 1024  # bytes; a year's notice has some thirty lines
HOURS_LENGTH = CalendarVersion._meta.get_field("hours").max_length or 0
SOURCE_LENGTH = CalendarVersion._meta.get_field("source").max_length or 0


class WeekForm(forms.Form):
    """How an ordinary week works. What is left out stays as in `before`."""

    hours = forms.CharField(
        label=_("opening hours"),
        required=False,
        max_length=HOURS_LENGTH,
        help_text=_("In order and apart from each other: 09:00-12:00,13:30-17:30."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("weekdays that work"),
        required=False,
        coerce=int,
        choices=lambda: [(number, sentences.weekdays([number])) for number in range(1, 8)],
        widget=forms.CheckboxSelectMultiple,
    )
    make_ups = forms.TypedChoiceField(
        label=_("make-up days"),
        required=False,
        coerce=lambda given: given == "1",
        empty_value=None,
        choices=[("1", _("count, as the notice decrees")), ("0", _("do not count: trading days"))],
        widget=forms.RadioSelect,
    )

    @staticmethod
    def shown(week: Week) -> dict[str, Any]:
        """A week as the fields show it."""
        return {
            "hours": write_hours(week.hours),
            "weekdays": sorted(week.weekdays),
            "make_ups": "1" if week.make_ups else "0",
        }

    def clean_hours(self) -> str:
        text: str = self.cleaned_data["hours"]
        try:
            return write_hours(read_hours(text)) if text else ""
        except Unreckonable as error:
            raise ValidationError(sentences.refusal(error)) from error

    def week(self, before: Week) -> Week:
        """The week that was given. Only of a valid form."""
        hours, weekdays, make_ups = (self.cleaned_data[name] for name in ("hours", "weekdays", "make_ups"))
        return Week(
            read_hours(hours) if hours else before.hours,
            frozenset(weekdays) or before.weekdays,
            before.make_ups if make_ups is None else make_ups,
        )


class Notice(WeekForm):
    """A notice as a file, or as the text that a preview has shown; or another week without a notice: for which calendar."""

    calendar = forms.ModelChoiceField(
        Calendar.objects.all(), to_field_name="code", empty_label=None, widget=forms.HiddenInput
    )
    file = forms.FileField(
        label=_("the year's notice"),
        required=False,
        help_text=_("CSV with the columns date, works, name, source: every day off and every make-up day of the year."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, max_length=LARGEST, widget=forms.HiddenInput)
    source = forms.CharField(
        label=_("source"),
        required=False,
        max_length=SOURCE_LENGTH,
        help_text=_("Only without a file: the decision that other opening hours or weekdays rest on."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file = given.get("file")
        if file and file.size > LARGEST:
            self.add_error("file", _("A notice is %(most)s kB at most.") % {"most": LARGEST // 1024})
        elif not file and not given.get("text") and not self.errors:
            self._clean_week_alone(given)
        return given

    def _clean_week_alone(self, given: dict[str, Any]) -> None:
        latest = given["calendar"].versions.order_by("-number").first()
        before = week_of(latest) if latest else Week()
        if self.week(before) == before:
            self.add_error("file", _("Choose the file of the notice."))
        elif not given["source"]:
            self.add_error("source", _("Say what the change rests on: a decision, its number and day."))

    @property
    def content(self) -> bytes:
        """The notice itself, empty when there is none. Only of a valid form."""
        file = self.cleaned_data["file"]
        content: bytes = file.read() if file else self.cleaned_data["text"].encode()
        return content


class NewCalendar(WeekForm):
    """A calendar that is not there yet; its days are those of another to begin with."""

    name = forms.CharField(
        label=pgettext_lazy("of a thing", "name"), max_length=Calendar._meta.get_field("name").max_length
    )
    code = forms.SlugField(
        label=_("code"),
        max_length=Calendar._meta.get_field("code").max_length,
        help_text=_("Letters, digits and hyphens; commands and files name the calendar by it, and it stays."),
    )
    zone = forms.CharField(label=_("time zone"), initial="Asia/Shanghai", max_length=64)
    like = forms.ModelChoiceField(
        Calendar.objects.filter(versions__isnull=False).distinct().order_by("name"),
        to_field_name="code",
        label=_("days off and make-up days as in"),
        empty_label=None,
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Calendar.objects.filter(code=code).exists():
            raise ValidationError(_("There is a calendar with this code already."))
        return code

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        try:
            return ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValidationError(_("Write a time zone as Asia/Shanghai.")) from error


class Choice(forms.Form):
    """The calendar of a unit; empty for that of the units above it."""

    calendar = forms.ModelChoiceField(
        Calendar.objects.filter(versions__isnull=False).distinct().order_by("name"),
        to_field_name="code",
        label=_("working calendar"),
        required=False,
        empty_label=_("none of its own: as the unit above"),
    )

"""What the addresses of the reports may ask for. Nothing unknown is dropped unsaid."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.forms.filters import Day
from complaints.models import Complaint, Finding
from reports.periods import Period
from reports.slices import KEPT, MISSED, NONE, Slice
from sla.targets import Target

FIRST_DAY = date(2000, 1, 1)
YES = [("1", _("yes"))]


def _choice(*choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, required=False)


class SliceForm(forms.Form):
    """The slice an address names."""

    state = _choice(("open", _("open")))
    overdue = _choice(*YES)
    soon = _choice(*YES)
    offered = _choice(*YES)
    repeat = _choice(*YES)
    channel = _choice(*Complaint.Channel.choices)
    severity = _choice(*Complaint.Severity.choices)
    founded = _choice(*Finding.Founded.choices, (NONE, _("no finding yet")))
    cause = forms.SlugField(required=False)
    unit = forms.SlugField(required=False)
    owner_unit = forms.SlugField(required=False)
    received_from = Day()
    received_to = Day()
    resolved_from = Day()
    resolved_to = Day()
    target = _choice(*Target.choices, ("any", _("any clock")))
    due_from = Day()
    due_to = Day()
    kept = _choice((KEPT, _("on time")), (MISSED, _("late")))
    after = forms.RegexField(r"\A[0-9]{1,17}\.[0-9]{1,18}\Z", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if unknown := sorted(set(self.data) - set(self.fields)):
            raise forms.ValidationError(_("Unknown in this address: %(names)s.") % {"names": ", ".join(unknown)})
        return cleaned

    @property
    def slice(self) -> Slice:
        given = {}
        for field in fields(Slice):
            value = self.cleaned_data[field.name]
            given[field.name] = value.isoformat() if isinstance(value, date) else value
        return Slice(**given)

    @property
    def query(self) -> str:
        """The address without the place in the list."""
        return urlencode([(name, value) for name, value in self.data.items() if name != "after"])


def texts(form: forms.Form) -> dict[str, list[Any]]:
    """What is wrong, by field."""
    return {name: list(errors) for name, errors in form.errors.items()}


class SpanForm(forms.Form):
    """The days a register covers; the present month when nothing is asked for."""

    first = Day(_("Received from"), required=True)
    last = Day(_("Received until"), required=True)

    def __init__(self, data: Any) -> None:
        today = timezone.localdate()
        usual = {"first": Period.month(today).first.isoformat(), "last": today.isoformat()}
        super().__init__(usual | {name: data[name] for name in usual if name in data})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day cannot lie before the first."))
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


class MonthForm(forms.Form):
    """A calendar month, `2026-02`; the present one when nothing is asked for."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m"], widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"})
    )

    def __init__(self, data: Any) -> None:
        super().__init__({"month": data.get("month") or f"{timezone.localdate():%Y-%m}"})

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        if not FIRST_DAY <= month <= timezone.localdate() + timedelta(days=31):
            raise forms.ValidationError(_("Choose a month between the year 2000 and now."))
        return month

    @property
    def period(self) -> Period:
        return Period.month(self.cleaned_data["month"])

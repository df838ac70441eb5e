"""The input of a pause."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.deeds import DeedForm, choice, long_text
from complaints.models import Complaint, Evidence
from complaints.models.limits import REASON
from complaints.states import WaitsFor


class PauseForm(DeedForm):
    """What the case waits for, why, what proves it, and the day on which the clocks run again."""

    waits_for = choice(_("Waiting for"), WaitsFor.choices)
    reason = long_text(_("Reason"), rows=3, most=REASON, help_text=_("What was asked of whom, and when."))
    until_on = forms.DateField(
        label=_("The clocks run again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("You can let them run again sooner, whenever what you wait for has come."),
    )
    evidence = forms.ModelChoiceField(
        Evidence.objects.none(), label=_("Evidence"), required=False, empty_label=_("no file of this case")
    )

    def __init__(self, case: Complaint, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(case, data, files, **options)
        files_of_case: Any = self.fields["evidence"]
        files_of_case.queryset = case.evidence.all()

"""What the owners of several cases are told when they are reminded together."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models.limits import REASON


class Reminder(forms.Form):
    text = forms.CharField(
        label=_("Message"), max_length=REASON, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

"""To whom several cases are given at once, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from complaints.models.limits import REASON


class Reassign(forms.Form):
    """`to` is the id of a membership among `people`: somebody may work in several units."""

    to = forms.ModelChoiceField(
        Membership.objects.none(), label=_("New owner"), error_messages={"required": _("Choose a person.")}
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        field: Any = self.fields["to"]
        field.queryset = people

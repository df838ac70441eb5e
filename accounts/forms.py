"""A new password, and a key for one's own machine. Whoever sends them types the password they have; wrong ones are counted."""

from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.absences import deputies_of, overlapping
from accounts.models import Absence, ApiToken, User

LONGEST_DAYS = 365


class NewPassword(ChangePasswordForm):
    """The library compares the old password without counting; here it is a sign-in like any other (django-axes)."""

    def clean_oldpassword(self) -> str:
        return checked(self.user, self.cleaned_data["oldpassword"])


class TokenForm(forms.Form):
    """A key that acts under one's own name, and nobody else's."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("scopes"), choices=ApiToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=LONGEST_DAYS, initial=90)
    password = forms.CharField(
        label=pgettext_lazy("of oneself", "Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password(self) -> str:
        return checked(self.user, self.cleaned_data["password"])


class AbsenceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Days away, and who stands in: somebody who handles complaints in a unit of this person, or looks over one."""

    class Meta:
        model = Absence
        fields = ("from_on", "until_on", "deputy", "note")
        widgets: ClassVar = {
            "from_on": forms.DateInput(attrs={"type": "date"}),
            "until_on": forms.DateInput(attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.person = person
        deputy: Any = self.fields["deputy"]
        deputy.queryset = deputies_of(person)
        deputy.empty_label = _("nobody: those above are told")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first, last = given.get("from_on"), given.get("until_on")
        if last and last < timezone.localdate():
            self.add_error("until_on", _("These days are over."))
        elif first and last and overlapping(self.instance.person, first, last):
            raise ValidationError(_("Another absence of these days has been entered. Cancel it first."))
        return given


def checked(user: User, password: str) -> str:
    """The password, when it is this person's. Raises ValidationError; a failure counts towards the lock-out."""
    if not get_adapter().reauthenticate(user, password):
        raise get_adapter().validation_error("enter_current_password")
    return password

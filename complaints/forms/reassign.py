"""To whom several cases are given at once, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from complaints.models.limits import REASON


class Post(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A person in a unit: somebody may work in several."""

    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.unit} · {obj.user}"


class Reassign(forms.Form):
    to = Post(queryset=Membership.objects.none(), label=_("new owner"))
    reason = forms.CharField(label=_("reason"), max_length=REASON, required=False)

    def __init__(self, *args: Any, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, Post)
        field.queryset = posts

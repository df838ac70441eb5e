"""The input of each deed on an existing case. What is missing or impossible is said again by the verb itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Membership, User
from complaints.aftercare import Heard
from complaints.agreements import Agreed
from complaints.correspondence import Said
from complaints.forms.intake_fields import Amount, Moment, Text
from complaints.lifecycle import Decision, Facts
from complaints.models import CallBack, Cause, Complaint, Finding, Message, Outcome
from complaints.models.complainant import MASKS
from complaints.models.limits import REASON, WORDS, most_of


def long_text(label: Any, *, rows: int = 4, **options: Any) -> Text:
    most = options.pop("most", WORDS)
    return Text(label, most, widget=forms.Textarea(attrs={"rows": rows}), **{"required": True} | options)


def choice(label: Any, choices: Iterable[Any], **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **options)


class DeedForm(forms.Form):
    """What every deed carries: the version of the case that the page showed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)

    def __init__(self, case: Complaint, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **{"auto_id": "deed_%s"} | options)
        self.case = case

    @property
    def seen_version(self) -> int | None:
        version: int | None = self.cleaned_data.get("version")
        return version


class ReasonForm(DeedForm):
    """Decline, reopen: a reason."""

    reason = long_text(_("Reason"), rows=3, most=REASON)


class WithdrawForm(DeedForm):
    reason = long_text(
        _("How they took it back, and why"),
        rows=3,
        most=REASON,
        help_text=_("For example: by phone, because the fee was refunded. This stays on record; write no numbers."),
    )
    at = Moment(label=_("When"), required=False, help_text=_("Leave empty for now."))

    def clean_at(self) -> datetime | None:
        return same_minute(self.cleaned_data["at"], self.case.received_at)


class RemindForm(DeedForm):
    text = long_text(_("Message"), rows=3, most=REASON, required=False, help_text=_("The owner is told at once."))


class NoteForm(DeedForm):
    body = long_text(_("Internal note"), rows=3)


class SaidForm(DeedForm):
    """One thing said to the customer: the evidence that stops a clock (R27, R29, R38)."""

    body = long_text(_("What was said"), help_text=_("Internal notes do not belong here: the customer may read this."))
    means = choice(_("How"), Message.Means.choices)
    delivery = choice(_("Did it reach them?"), Message.Delivery.choices, initial=Message.Delivery.DELIVERED)
    at = Moment(label=_("When"), required=False, help_text=_("Leave empty for now."))
    to_whom = Text(_("To whom"), most_of(Message, "to_whom"), help_text=_("If it was not the complainant in person."))
    proof = Text(_("Proof"), most_of(Message, "proof"), help_text=_("Recording, registered-mail number or signature."))

    def __init__(self, case: Complaint, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(case, data, files, **options)
        unreachable = not case.complainant.has_contact
        self.initial.setdefault("means", Message.Means.NO_CONTACT if unreachable else Message.Means.PHONE)
        if not unreachable:
            means: Any = self.fields["means"]
            means.choices = [choice for choice in means.choices if choice[0] != Message.Means.NO_CONTACT]

    def clean_at(self) -> datetime | None:
        return same_minute(self.cleaned_data["at"], self.case.received_at)

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        return Said(
            means=given["means"],
            body=given["body"],
            at=given["at"],
            to_whom=given["to_whom"],
            proof=given["proof"],
            delivery=given["delivery"],
        )


class ResolveForm(SaidForm):
    """The outcome and how the customer was told; a case is resolved only once they have been."""

    kind = choice(_("Outcome"), Outcome.Kind.choices)
    redress_amount = Amount(_("Redress"), None, help_text=_("Only what was given or agreed, in yuan."))
    reception = choice(_("The customer"), Outcome.Reception.choices, initial=Outcome.Reception.SILENT)
    field_order = (
        "kind",
        "body",
        "redress_amount",
        "means",
        "delivery",
        "at",
        "to_whom",
        "proof",
        "reception",
        "version",
    )

    def __init__(self, case: Complaint, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(case, data, files, **options)
        self.fields["body"].label = _("Reply to the customer")
        delivery: Any = self.fields["delivery"]
        delivery.choices = [(one.value, one.label) for one in (Message.Delivery.DELIVERED, Message.Delivery.SENT)]

    @property
    def decision(self) -> Decision:
        given = self.cleaned_data
        return Decision(given["kind"], self.said, given["redress_amount"], given["reception"])


class PromiseForm(DeedForm):
    """A reply time agreed with the customer (R15, R48), and why it takes so long (R177)."""

    reply_at = Moment(label=_("Reply by"), error_messages={"required": _("Say by when they have our reply.")})
    means = choice(
        _("How it was agreed on"),
        [choice for choice in Message.Means.choices if choice[0] != Message.Means.NO_CONTACT],
        initial=Message.Means.PHONE,
    )
    text = long_text(_("What was agreed, and why it takes so long"), rows=3, most=REASON)

    @property
    def agreed(self) -> Agreed:
        given = self.cleaned_data
        return Agreed(given["reply_at"], given["means"], given["text"])


NOT_REACHED = "not_reached"


class CallBackForm(DeedForm):
    """What the customer makes of the outcome, when called back (R108, R109)."""

    opinion = choice(
        _("The customer is"),
        [*CallBack.Opinion.choices, (NOT_REACHED, _("not reached"))],
        error_messages={"required": _("Choose what the customer said.")},
    )
    words = long_text(_("In their words"), rows=3, required=False)
    at = Moment(label=_("When"), required=False, help_text=_("Leave empty for now."))

    def clean_at(self) -> datetime | None:
        return same_minute(self.cleaned_data["at"], self.case.resolved_at or self.case.received_at)

    @property
    def heard(self) -> Heard:
        given = self.cleaned_data
        return Heard(given["opinion"].replace(NOT_REACHED, ""), given["words"], given["at"])


class InvestigateForm(DeedForm):
    """The facts before any conclusion (R14, R36), with the fourth level of the cause (R190)."""

    facts = long_text(
        _("Facts established"), rows=5, help_text=_("What is proved, and by what. Conclusions come after.")
    )
    founded = choice(_("The complaint is"), Finding.Founded.choices)
    cause = forms.ModelChoiceField(Cause.objects.none(), label=_("Verified cause"), required=False)
    root_cause = long_text(_("Root cause"), rows=2, most=most_of(Finding, "root_cause"), required=False)
    plan = long_text(
        _("Plan"),
        rows=2,
        most=most_of(Finding, "plan"),
        required=False,
        help_text=_("What will be done, by whom, by when."),
    )

    def __init__(self, case: Complaint, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(case, data, files, **options)
        causes: Any = self.fields["cause"]
        causes.queryset = Cause.objects.filter(is_active=True, level__gte=3)
        causes.choices = cause_choices(case.cause_id)

    @property
    def established(self) -> Facts:
        given = self.cleaned_data
        return Facts(given["founded"], given["facts"], given["root_cause"], given["cause"], given["plan"])


class PersonForm(DeedForm):
    """Hand over, assign: a person in a unit, and why. `to` is the id of a membership among `people`."""

    to = forms.ModelChoiceField(
        Membership.objects.none(), label=_("New owner"), error_messages={"required": _("Choose a person.")}
    )
    reason = long_text(_("Why, and what was done so far"), rows=3, most=REASON)

    def __init__(
        self, case: Complaint, data: Any = None, files: Any = None, *, people: Any, needs_reason: bool, **options: Any
    ) -> None:
        super().__init__(case, data, files, **options)
        self.people = people
        to: Any = self.fields["to"]
        to.queryset = people
        self.fields["reason"].required = needs_reason

    @property
    def person(self) -> User:
        chosen: Membership = self.cleaned_data["to"]
        return chosen.user

    @property
    def unit_id(self) -> int:
        chosen: Membership = self.cleaned_data["to"]
        return chosen.unit_id


class Files(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; cleans to a list."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data or [None]
        return [forms.FileField.clean(self, one, initial) for one in given]


class AttachForm(DeedForm):
    """Files, one or several."""

    file = FilesField(
        label=_("File"),
        error_messages={"required": _("Choose a file.")},
        help_text=_("PDF, pictures, recordings, video and Office files, 50 MB each at most."),
    )


class RevealForm(DeedForm):
    """One sealed field of the complainant, and why it must be seen."""

    field = forms.ChoiceField(choices=[(name, name) for name in MASKS], widget=forms.HiddenInput)
    reason = long_text(pgettext_lazy("why a field is shown", "Reason"), rows=2, most=REASON)


def same_minute(at: datetime | None, received_at: datetime) -> datetime | None:
    """A form's time has no seconds: in the minute of receipt, it is not before the receipt."""
    if at is not None and at < received_at and at == received_at.replace(second=0, microsecond=0):
        return received_at
    return at


def cause_choices(near: int | None) -> Sequence[Any]:
    """Causes of levels 3 and 4, those below the complaint's own cause first, grouped by what they belong to."""
    groups: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for key, name, parent, trail in (
        Cause.objects.filter(is_active=True, level__gte=3)
        .order_by("code")
        .values_list("id", "name", "parent_id", "parent__trail")
    ):
        groups.setdefault((0 if near in {parent, key} else 1, trail or ""), []).append((key, name))
    return [("", _("not verified yet")), *((trail, found) for (_near, trail), found in sorted(groups.items()))]


def add_errors(form: forms.Form, errors: dict[str, list[Any]], message: str) -> None:
    """Put what a verb refused on the form: under its fields, or above them when it has no such field."""
    for name, problems in errors.items() or [("", [message])]:
        for problem in problems:
            form.add_error(name if name in form.fields else None, ValidationError(str(problem)))

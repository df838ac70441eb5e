"""The bodies of the deeds, one a verb. Fields are named as the verb's function names them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.models import SYSTEM_USERNAME, Unit, User
from complaints.correspondence import Said
from complaints.models import CallBack, Cause, Extension, Finding, Message, Outcome
from complaints.models.complainant import MASKS
from complaints.models.limits import REASON, WORDS, most_of
from complaints.serializers.fields import Amount, Coded, Moment, text, version
from complaints.states import WaitsFor
from sla.calendar import MAX_AMOUNT
from sla.targets import Target


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(username=SYSTEM_USERNAME)


class VersionInput(serializers.Serializer[Any]):
    """A deed that needs nothing but, if wished, the version seen."""

    version = version()


class SaidInput(VersionInput):
    """What the customer was told: how, when, to whom, what, and what proves it."""

    means = serializers.ChoiceField(Message.Means.choices)
    body = serializers.CharField(max_length=WORDS)
    at = Moment(required=False, allow_null=True, help_text="When it was said; now when left out.")
    to_whom = text(most_of(Message, "to_whom"))
    proof = text(most_of(Message, "proof"))
    delivery = serializers.ChoiceField(Message.Delivery.choices, required=False)


def said_of(given: dict[str, Any]) -> Said:
    """Takes what belongs to the message out of `given`."""
    return Said(**{name: given.pop(name) for name in Said.__dataclass_fields__ if name in given})


class PromiseInput(VersionInput):
    reply_at = Moment(help_text="By when the customer has our reply, as agreed with them.")
    means = serializers.ChoiceField(
        [choice for choice in Message.Means.choices if choice[0] != Message.Means.NO_CONTACT],
        help_text="How it was agreed on.",
    )
    text = serializers.CharField(max_length=REASON)


class CallBackInput(VersionInput):
    opinion = serializers.ChoiceField(
        CallBack.Opinion.choices, required=False, allow_blank=True, help_text="Empty when they were not reached."
    )
    words = text(WORDS)
    at = Moment(required=False, allow_null=True, help_text="When they were called; now when left out.")


class HandOverInput(VersionInput):
    to = Coded("username", queryset=_people(), help_text="User name.")
    unit = Coded("code", queryset=Unit.objects.all(), required=False, allow_null=True)
    reason = serializers.CharField(max_length=REASON)


class DeclineInput(VersionInput):
    reason = serializers.CharField(max_length=REASON)


class AssignInput(VersionInput):
    to = Coded("username", queryset=_people(), help_text="User name.")
    unit = Coded("code", queryset=Unit.objects.all(), required=False, allow_null=True)
    reason = text(REASON)


class RemindInput(serializers.Serializer[Any]):
    text = text(REASON)


class NoteInput(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=WORDS)


class AttachInput(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=1000, allow_empty_file=True)  # the verb judges content and size


class InvestigateInput(VersionInput):
    founded = serializers.ChoiceField(Finding.Founded.choices)
    facts = serializers.CharField(max_length=WORDS)
    root_cause = text(most_of(Finding, "root_cause"))
    cause = Coded("code", queryset=Cause.objects.filter(is_active=True), required=False, allow_null=True)
    plan = text(most_of(Finding, "plan"))


class ResolveInput(SaidInput):
    kind = serializers.ChoiceField(Outcome.Kind.choices)
    redress_amount = Amount(required=False)
    reception = serializers.ChoiceField(Outcome.Reception.choices, required=False)


class ReopenInput(VersionInput):
    reason = serializers.CharField(max_length=REASON)


class WithdrawInput(VersionInput):
    reason = serializers.CharField(max_length=REASON)
    at = Moment(required=False, allow_null=True, help_text="When they took it back; now when left out.")


class AskExtensionInput(VersionInput):
    target = serializers.ChoiceField(Target.choices)
    amount = serializers.IntegerField(
        min_value=1,
        max_value=MAX_AMOUNT,
        help_text="The new allowance from the clock's start, in the unit of its rule.",
    )
    reason_code = serializers.ChoiceField(Extension.Reason.choices)
    reason = serializers.CharField(max_length=REASON)


class ApproveExtensionInput(VersionInput):
    reason = text(REASON)


class PauseInput(VersionInput):
    waits_for = serializers.ChoiceField(WaitsFor.choices)
    reason = serializers.CharField(max_length=REASON)
    until_on = serializers.DateField(help_text="The day on which the clocks run again.")
    evidence = serializers.UUIDField(required=False, allow_null=True, help_text="The id of a file of the case.")


class RevealInput(serializers.Serializer[Any]):
    field = serializers.ChoiceField(sorted(MASKS))
    reason = serializers.CharField(max_length=REASON)

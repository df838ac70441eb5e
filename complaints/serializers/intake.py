"""The body of a registration."""

from typing import Any

from rest_framework import serializers

from accounts.models import Unit, User
from complaints.intake import Intake
from complaints.models import Cause, Complainant, Complaint, Product
from complaints.serializers.fields import Amount, Coded, Moment, text

MOST_NARRATIVE = 2_000_000  # characters


class ComplainantInput(serializers.Serializer[Any]):
    """Who complains. Nothing is required: as much as the channel tells."""

    kind = serializers.ChoiceField(Complainant.Kind.choices, required=False)
    name = text(100)
    phone = text(40)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    id_type = serializers.ChoiceField(Complainant.IdType.choices, required=False, allow_blank=True)
    id_number = text(64)
    address = text(300)
    account = text(64)
    principal = text(100, help_text="For an agent: the person or firm they speak for.")
    authority = text(200, help_text="For an agent: what their authority rests on.")
    care = text(200)


class RegisterInput(serializers.Serializer[Any]):
    """A complaint to register. Only `channel`, `unit` and `summary` are required."""

    channel = serializers.ChoiceField(Complaint.Channel.choices)
    received_at = Moment(required=False, allow_null=True, help_text="When it reached us; now when left out.")
    complainant = ComplainantInput(required=False, allow_null=True)
    unit = Coded("code", queryset=Unit.objects.filter(is_active=True), help_text="Code of the unit complained about.")
    category = Coded(
        "code", queryset=Cause.objects.for_intake(), required=False, allow_null=True, help_text="Cause code."
    )
    product = Coded("code", queryset=Product.objects.filter(is_active=True), required=False, allow_null=True)
    summary = serializers.CharField(max_length=300)
    narrative = text(MOST_NARRATIVE, trim_whitespace=False)
    demand = text(1000)
    claimed_amount = Amount(required=False)
    severity = serializers.ChoiceField(Complaint.Severity.choices, required=False)
    late_entry_reason = text(500, help_text="Required when it was received over a day ago.")
    external_reference = text(100)
    recording_reference = text(100)
    place = text(200)
    postmarked_on = serializers.DateField(required=False, allow_null=True)
    registered_mail_number = text(50)
    staff_complained_about = Coded(
        "username", queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    staff_described = text(100)
    is_summary_confirmed = serializers.BooleanField(required=False)


def intake_of(given: dict[str, Any]) -> Intake:
    """The verb's input, from a validated body."""
    person = dict(given.pop("complainant", None) or {})
    person.setdefault("kind", Complainant.Kind.PERSON if any(person.values()) else Complainant.Kind.UNKNOWN)
    given["cause"] = given.pop("category", None)
    return Intake(**given, complainant=Complainant(**person))

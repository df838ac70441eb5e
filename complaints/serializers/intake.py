"""The body of a registration."""

from typing import Any

from rest_framework import serializers

from accounts.models import SYSTEM_USERNAME, Unit, User
from complaints.intake import Intake
from complaints.models import Cause, Complainant, Complaint, Product
from complaints.models.complainant import LONGEST
from complaints.models.limits import NARRATIVE, most_of
from complaints.serializers.fields import Amount, Coded, Moment, text


class ComplainantInput(serializers.Serializer[Any]):
    """Who complains. Nothing is required: as much as the channel tells."""

    kind = serializers.ChoiceField(Complainant.Kind.choices, required=False)
    name = text(LONGEST["name"])
    phone = text(LONGEST["phone"])
    email = serializers.EmailField(max_length=LONGEST["email"], required=False, allow_blank=True)
    id_type = serializers.ChoiceField(Complainant.IdType.choices, required=False, allow_blank=True)
    id_number = text(LONGEST["id_number"])
    address = text(LONGEST["address"])
    account = text(LONGEST["account"])
    principal = text(LONGEST["principal"], help_text="For an agent: the person or firm they speak for.")
    authority = text(most_of(Complainant, "authority"), help_text="For an agent: what their authority rests on.")
    care = text(most_of(Complainant, "care"))


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
    summary = serializers.CharField(max_length=most_of(Complaint, "summary"))
    narrative = text(NARRATIVE, trim_whitespace=False)
    demand = text(most_of(Complaint, "demand"))
    claimed_amount = Amount(required=False)
    severity = serializers.ChoiceField(Complaint.Severity.choices, required=False)
    late_entry_reason = text(
        most_of(Complaint, "late_entry_reason"), help_text="Required when it was received over a day ago."
    )
    external_reference = text(most_of(Complaint, "external_reference"))
    referred_by = serializers.ChoiceField(
        Complaint.Referrer.choices,
        required=False,
        allow_blank=True,
        help_text="Who passed it on to us; some deadlines depend on it.",
    )
    alleges_violation = serializers.BooleanField(required=False)
    recording_reference = text(most_of(Complaint, "recording_reference"))
    place = text(most_of(Complaint, "place"))
    postmarked_on = serializers.DateField(required=False, allow_null=True)
    registered_mail_number = text(most_of(Complaint, "registered_mail_number"))
    staff_complained_about = Coded(
        "username",
        queryset=User.objects.filter(is_active=True).exclude(username=SYSTEM_USERNAME),
        required=False,
        allow_null=True,
    )
    staff_described = text(most_of(Complaint, "staff_described"))
    is_summary_confirmed = serializers.BooleanField(required=False)


def intake_of(given: dict[str, Any]) -> Intake:
    """The verb's input, from a validated body."""
    person = dict(given.pop("complainant", None) or {})
    person.setdefault("kind", Complainant.Kind.PERSON if any(person.values()) else Complainant.Kind.UNKNOWN)
    given["cause"] = given.pop("category", None)
    return Intake(**given, complainant=Complainant(**person))

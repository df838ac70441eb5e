"""What the API answers. The fields are declared for OpenAPI; the bodies are built by hand, because it is four times faster."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.models import User
from complaints.models import CaseEvent, Complaint
from complaints.models.complainant import MASKS
from complaints.names import Codes
from complaints.scope import verbs_for
from complaints.sentences import plain
from complaints.states import DEEDS, Status, Verb
from sla.models import Clock
from sla.sentences import allowance
from sla.targets import Target


class ClockAnswer(serializers.Serializer[Clock]):
    target = serializers.ChoiceField(Target.choices)
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    due_on = serializers.DateField(help_text="For a limit in days: the last day, which ends at due_at.")
    original_due_at = serializers.DateTimeField(allow_null=True, help_text="As first promised, once it was extended.")
    provisional = serializers.BooleanField(help_text="A year it runs through has no announced days off yet.")
    paused_until = serializers.DateTimeField(allow_null=True, help_text="When it runs again, while it is paused.")
    stopped_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    policy = serializers.CharField()

    def to_representation(self, clock: Clock) -> dict[str, Any]:
        paused = clock.paused(timezone.now()) if clock.pauses else None
        return {
            "target": clock.target,
            "started_at": _iso(clock.started_at),
            "due_at": _iso(clock.due_at),
            "due_on": clock.due_on.isoformat(),
            "original_due_at": _iso(clock.original_due_at),
            "provisional": clock.provisional,
            "paused_until": _iso(paused[1]) if paused else None,
            "stopped_at": _iso(clock.stopped_at),
            "breached_at": _iso(clock.breached_at),
            "policy": f"{clock.term.policy} · {allowance(clock.allowance)}",
        }


class ComplainantAnswer(serializers.Serializer[Any]):
    """Masked; `reveal` shows one field in full, for a reason, which is recorded."""

    kind = serializers.CharField()
    id_type = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    id_number = serializers.CharField()
    address = serializers.CharField()
    account = serializers.CharField()
    principal = serializers.CharField()


class ComplaintAnswer(serializers.Serializer[Complaint]):
    """One complaint, as the reader of the answer may see it; `verbs` are the deeds open to them now."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    channel = serializers.ChoiceField(Complaint.Channel.choices)
    severity = serializers.ChoiceField(Complaint.Severity.choices)
    received_at = serializers.DateTimeField()
    registered_at = serializers.DateTimeField()
    first_responder = serializers.CharField(help_text="User name.")
    owner = serializers.CharField(help_text="User name.")
    owner_unit = serializers.CharField(help_text="Code of the unit that works on it.")
    offered_to = serializers.CharField(allow_null=True, help_text="User name, while a handover waits for its answer.")
    unit = serializers.CharField(help_text="Code of the unit complained about.")
    category = serializers.CharField(allow_null=True, help_text="Cause code.")
    summary = serializers.CharField()
    complainant = ComplainantAnswer()
    external_reference = serializers.CharField()
    referred_by = serializers.ChoiceField(
        [*Complaint.Referrer.choices, ("", "")], help_text="Who passed it on; else empty."
    )
    alleges_violation = serializers.BooleanField()
    claimed_amount = serializers.CharField(allow_null=True)
    claimed_currency = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="Of the strictest running clock.")
    overdue = serializers.BooleanField()
    responded_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    clocks = ClockAnswer(many=True)
    verbs = serializers.ListField(child=serializers.ChoiceField([verb.value for verb in DEEDS]))


class FullComplaintAnswer(ComplaintAnswer):
    narrative = serializers.CharField()
    demand = serializers.CharField()
    late_entry_reason = serializers.CharField()
    recording_reference = serializers.CharField()
    place = serializers.CharField()


class EventAnswer(serializers.Serializer[CaseEvent]):
    """One deed of the case history; `hash` chains it to the one before."""

    seq = serializers.IntegerField()
    verb = serializers.ChoiceField(Verb.choices)
    actor = serializers.CharField(help_text="User name.")
    at = serializers.DateTimeField()
    status = serializers.ChoiceField(Status.choices, help_text="After the deed.")
    sentence = serializers.CharField(help_text="In the reader's language.")
    facts = serializers.DictField()
    hash = serializers.CharField()

    def to_representation(self, event: CaseEvent, people: Mapping[int, str] | None = None) -> dict[str, Any]:
        return {
            "seq": event.seq,
            "verb": event.verb,
            "actor": event.actor.username,
            "at": _iso(event.at),
            "status": event.status,
            "sentence": plain(event, people or {}),
            "facts": event.facts,
            "hash": bytes(event.hash).hex(),
        }


class RevealAnswer(serializers.Serializer[Any]):
    field = serializers.CharField()
    value = serializers.CharField()


class ProblemAnswer(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    code = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="400: the messages of each field."
    )


def complaint_row(case: Complaint, reader: User, now: datetime, codes: Codes) -> dict[str, Any]:
    """A complaint as a list shows it, from what is in hand: complainant, clocks with their policies, and codes."""
    person = case.complainant
    clocks = ClockAnswer()
    return {
        "reference": case.reference,
        "status": case.status,
        "channel": case.channel,
        "severity": case.severity,
        "received_at": _iso(case.received_at),
        "registered_at": _iso(case.registered_at),
        "first_responder": codes.people[case.first_responder_id],
        "owner": codes.people[case.owner_id],
        "owner_unit": codes.units[case.owner_unit_id],
        "offered_to": codes.people[case.offered_to_id] if case.offered_to_id else None,
        "unit": codes.units[case.unit_id],
        "category": codes.causes[case.cause_id] if case.cause_id else None,
        "summary": case.summary,
        "complainant": {"kind": person.kind, "id_type": person.id_type} | {name: person.masked(name) for name in MASKS},
        "external_reference": case.external_reference,
        "referred_by": case.referred_by,
        "alleges_violation": case.alleges_violation,
        "claimed_amount": None if case.claimed_amount is None else f"{case.claimed_amount:.2f}",
        "claimed_currency": case.claimed_currency,
        "due_at": _iso(case.due_at),
        "overdue": case.is_overdue(now),
        "responded_at": _iso(case.responded_at),
        "resolved_at": _iso(case.resolved_at),
        "closed_at": _iso(case.closed_at),
        "version": case.version,
        "clocks": [clocks.to_representation(clock) for clock in getattr(case, "started", None) or case.clocks.all()],
        "verbs": [verb.value for verb in verbs_for(reader, case)],
    }


def complaint_body(case: Complaint, reader: User, now: datetime, codes: Codes) -> dict[str, Any]:
    """A complaint as its own address shows it."""
    return complaint_row(case, reader, now, codes) | {
        "narrative": case.narrative,
        "demand": case.demand,
        "late_entry_reason": case.late_entry_reason,
        "recording_reference": case.recording_reference,
        "place": case.place,
    }


def _iso(moment: datetime | None) -> str | None:
    """ISO 8601 with the institution's offset."""
    return timezone.localtime(moment).isoformat() if moment else None

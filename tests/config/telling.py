"""A script played through the verbs themselves, under a moved clock; and what a complaint left behind, to compare."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from accounts.models import Unit, User
from complaints import correspondence, evidence, lifecycle, ownership
from complaints.escalation import escalate, warn
from complaints.intake import Intake, register
from complaints.models import (
    CaseEvent,
    Cause,
    Complainant,
    Complaint,
    Escalation,
    Evidence,
    Finding,
    Handover,
    Message,
    Note,
    Outcome,
    Product,
)
from complaints.states import Verb
from config.demo import papers
from config.demo.case import SWEPT_AFTER, Case
from config.demo.script import Script, Step
from notifications.models import Notification
from sla.models import Clock

OF_THE_CASE = (Message, Note, Handover, Finding, Outcome, Clock, Escalation, Evidence)
WITH_HISTORY = (Message, Handover, Finding, Outcome)
OWN = {"id", "reference", "complainant_id", "complaint_id", "history_id", "history_head", "history_relation_id", "hash"}
PLAIN = (
    "kind",
    "name",
    "phone",
    "email",
    "id_type",
    "id_number",
    "address",
    "account",
    "principal",
    "authority",
    "care",
)
Deed = Callable[..., Complaint]


def through_the_verbs(script: Script, now: datetime) -> Complaint:
    """Play a script with the product's own verbs, every deed at its time, and the sweeps between as they come."""
    with time_machine.travel(script.registered_at, tick=False):
        case = register(_intake(script), actor=_user(script.by))
    for step in script.steps:
        if step.at > now:
            break
        _sweep(case, step.at)
        with time_machine.travel(step.at, tick=False):
            _do(case, step)
    _sweep(case, now)
    return Complaint.objects.get(pk=case.pk)


def _sweep(case: Complaint, until: datetime) -> None:
    """Sweep as often as something broke, or a step of a ladder came, before `until`."""
    while found := _coming(case):
        comes, clock = found
        at = max(comes, case.registered_at) + SWEPT_AFTER
        if at >= until:
            return
        with time_machine.travel(at, tick=False):
            (escalate if clock.due_at <= comes else warn)(clock, actor=User.objects.system())


def _coming(case: Complaint) -> tuple[datetime, Clock] | None:
    running = Clock.objects.running().filter(complaint=case).order_by("pk")
    moments = [
        (min(at for at in (clock.next_step_at, None if clock.breached_at else clock.due_at) if at), clock)
        for clock in running
        if clock.next_step_at or not clock.breached_at
    ]
    return min(moments, key=lambda found: found[0], default=None)


def _intake(script: Script) -> Intake:
    caller = script.caller
    given = {
        name: getattr(script, name)
        for name in (
            "channel", "summary", "received_at", "severity", "late_entry_reason", "place", "recording_reference",
            "postmarked_on", "registered_mail_number", "external_reference", "referred_by", "alleges_violation",
            "staff_described", "is_summary_confirmed",
            "narrative", "demand", "claimed_amount",
        )
    }  # fmt: skip
    return Intake(
        unit=Unit.objects.get(pk=script.unit),
        complainant=Complainant(**{name: getattr(caller, name) for name in PLAIN}),
        cause=Cause.objects.filter(pk=script.cause).first(),
        product=Product.objects.filter(pk=script.product).first(),
        staff_complained_about=User.objects.filter(pk=script.staff_complained_about).first(),
        **given,
    )


def _user(key: int) -> User:
    return User.objects.get(pk=key)


def _do(case: Complaint, step: Step) -> None:
    given, actor = dict(step.given), _user(step.by)
    verb: Deed = next(
        getattr(room, step.verb.value)
        for room in (lifecycle, ownership, correspondence, evidence)
        if hasattr(room, step.verb.value)
    )
    match step.verb:
        case Verb.RESPOND:
            verb(case, correspondence.Said(**given), actor=actor)
        case Verb.RESOLVE:
            own = {name: given.pop(name) for name in ("kind", "redress_amount", "reception") if name in given}
            verb(case, lifecycle.Decision(said=correspondence.Said(**given), **own), actor=actor)
        case Verb.INVESTIGATE:
            cause = Cause.objects.filter(pk=given.pop("cause", None)).first()
            verb(case, lifecycle.Facts(cause=cause, **given), actor=actor)
        case Verb.HAND_OVER | Verb.ASSIGN:
            unit = given.pop("unit")
            verb(case, _user(given.pop("to")), actor=actor, unit_id=unit, **given)
        case Verb.WITHDRAW:
            verb(case, given.pop("reason"), actor=actor, at=given.pop("told_at", None))
        case Verb.ATTACH:
            upload = SimpleUploadedFile(given["label"], papers.made(given["label"]))
            verb(case, upload, actor=actor)
        case _:
            verb(case, actor=actor, **given)


def through_the_rows(case: Case) -> Complaint:
    """The complaint a played script has left in the database."""
    return Complaint.objects.get(pk=case.id)


def left_behind(complaint: Complaint) -> dict[str, Any]:
    """Every row of a complaint, without what differs from one complaint to the next: ids become places in the case."""
    places = {
        (model.__name__.lower(), str(row["id"])): place
        for model in OF_THE_CASE
        for place, row in enumerate(_rows(model, complaint))
    }
    found = {
        model.__name__: [_plain(row, places) for row in _rows(model, complaint)] for model in (*OF_THE_CASE, CaseEvent)
    }
    for model in WITH_HISTORY:
        rows = model.history.filter(complaint_id=complaint.pk).order_by("history_id")  # type: ignore[attr-defined]
        found[f"{model.__name__}.history"] = [_plain(row, places) for row in rows.values()]
    found["Complaint"] = _plain(_values(complaint), places) | {"pieces": _pieces(complaint)}
    found["Complaint.history"] = [_plain(row, places) for row in complaint.history.order_by("history_id").values()]
    person = complaint.complainant
    found["Complainant"] = {name: getattr(person, name) for name in PLAIN}
    found["Complainant.index"] = {name: getattr(person, f"{name}_index") for name in ("name", "phone", "id_number")}
    found["Complainant.history"] = [
        {name: getattr(row, name) for name in ("history_type", "history_date", "history_user_id", "name_index", "kind")}
        for row in person.history.all()
    ]
    told = Notification.objects.filter(event__complaint=complaint)
    found["told"] = sorted(told.values_list("event__seq", "recipient"))
    return found


def _rows(model: type[Model], complaint: Complaint) -> list[dict[str, Any]]:
    order = "at" if model is Evidence else "id"
    return list(model._default_manager.filter(complaint=complaint).order_by(order).values())


def _values(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "pieces"}


def _pieces(complaint: Complaint) -> set[str]:
    held = Complaint.objects.filter(pk=complaint.pk).values_list("pieces", flat=True).get()
    reference = {word.lower() for word in complaint.reference.split("-")}
    return {piece.strip("'") for piece in held.split()} - reference


def _plain(row: dict[str, Any], places: dict[tuple[str, str], int]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name not in OWN}
    for name, value in row.items():
        if name.endswith("_id") and (name[:-3], str(value)) in places:
            told[name] = places[name[:-3], str(value)]
    if isinstance(row.get("facts"), dict):
        told["facts"] = {name: _placed(name, value, places) for name, value in row["facts"].items()}
    return told


def _placed(name: str, value: Any, places: dict[tuple[str, str], int]) -> Any:
    return value if isinstance(value, bool) else places.get((name, str(value)), value)

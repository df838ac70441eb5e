"""How long a text may be is said once: a form, the API and the verb all refuse the first character too many."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django import forms
from rest_framework import serializers

from accounts.errors import Invalid
from complaints import correspondence, lifecycle, ownership, pausing
from complaints.forms import deeds as deed_forms
from complaints.forms.intake import IntakeForm
from complaints.forms.intake_fields import Text
from complaints.forms.reassign import Reassign
from complaints.models import Complainant, Complaint
from complaints.models.complainant import LONGEST, MASKS
from complaints.models.limits import NARRATIVE, REASON, WORDS
from complaints.serializers import deeds as bodies
from complaints.serializers.intake import ComplainantInput, RegisterInput
from tests.complaints.test_authority import in_status
from tests.conftest import Cast, decided, established, said

Register = Callable[..., Complaint]

PAIRS: list[tuple[type[forms.Form], type[serializers.Serializer[Any]]]] = [
    (deed_forms.SaidForm, bodies.SaidInput),
    (deed_forms.ResolveForm, bodies.ResolveInput),
    (deed_forms.NoteForm, bodies.NoteInput),
    (deed_forms.RemindForm, bodies.RemindInput),
    (deed_forms.InvestigateForm, bodies.InvestigateInput),
    (deed_forms.ReasonForm, bodies.DeclineInput),
    (deed_forms.ReasonForm, bodies.ReopenInput),
    (deed_forms.WithdrawForm, bodies.WithdrawInput),
    (deed_forms.PersonForm, bodies.HandOverInput),
    (deed_forms.PersonForm, bodies.AssignInput),
    (Reassign, bodies.AssignInput),
    (deed_forms.RevealForm, bodies.RevealInput),
    (IntakeForm, ComplainantInput),
    (IntakeForm, RegisterInput),
]


def longest(field: Any) -> int | None:
    """The characters that a field of a form or of the API takes."""
    return next(
        (rule.limit_value for rule in field.validators if rule.__class__.__name__ == "MaxLengthValidator"), None
    )


@pytest.mark.parametrize(("form", "body"), PAIRS, ids=lambda shape: shape.__name__)
def test_a_form_takes_as_much_as_the_api(form: type[forms.Form], body: type[serializers.Serializer[Any]]) -> None:
    typed = {name: field for name, field in form.base_fields.items() if isinstance(field, Text | forms.CharField)}
    given = {
        name: field
        for name, field in body().fields.items()
        if name in typed and isinstance(field, serializers.CharField)
    }
    assert given
    assert {name: longest(typed[name]) for name in given} == {name: longest(field) for name, field in given.items()}


def test_every_sealed_field_has_a_limit() -> None:
    assert LONGEST.keys() == MASKS.keys()


LONG = "长" * (REASON + 1)
TOO_MUCH = "长" * (WORDS + 1)
DEEDS: dict[str, tuple[str, str, Callable[[Complaint, Cast], Any]]] = {
    "hand_over": ("registered", "reason", lambda c, p: ownership.hand_over(c, p.hank, LONG, actor=p.fiona)),
    "decline": ("offered", "reason", lambda c, p: ownership.decline(c, LONG, actor=p.hank)),
    "assign": ("registered", "reason", lambda c, p: ownership.assign(c, p.frank, reason=LONG, actor=p.sam)),
    "remind": ("registered", "text", lambda c, p: ownership.remind(c, LONG, actor=p.sam)),
    "note": ("registered", "body", lambda c, p: correspondence.note(c, TOO_MUCH, actor=p.fiona)),
    "reveal": ("registered", "reason", lambda c, p: correspondence.reveal(c, "phone", LONG, actor=p.fiona)),
    "respond": ("registered", "body", lambda c, p: correspondence.respond(c, said(body=TOO_MUCH), actor=p.fiona)),
    "whom": ("registered", "to_whom", lambda c, p: correspondence.respond(c, said(to_whom=LONG), actor=p.fiona)),
    "proof": ("registered", "proof", lambda c, p: correspondence.respond(c, said(proof=LONG), actor=p.fiona)),
    "facts": ("registered", "facts", lambda c, p: lifecycle.investigate(c, established(facts=TOO_MUCH), actor=p.fiona)),
    "plan": ("registered", "plan", lambda c, p: lifecycle.investigate(c, established(plan=TOO_MUCH), actor=p.fiona)),
    "resolve": (
        "investigating", "body", lambda c, p: lifecycle.resolve(c, decided(said=said(body=TOO_MUCH)), actor=p.fiona)
    ),
    "reopen": ("closed", "reason", lambda c, p: lifecycle.reopen(c, LONG, actor=p.fiona)),
    "pause": ("registered", "reason", lambda c, p: pausing.pause(c, "customer", LONG, date(2026, 3, 1), actor=p.fiona)),
    "withdraw": ("registered", "reason", lambda c, p: lifecycle.withdraw(c, LONG, actor=p.fiona)),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_a_verb_refuses_what_is_too_long_and_cuts_nothing(register: Register, cast: Cast, deed: str) -> None:
    status, field, act = DEEDS[deed]
    case = in_status("registered" if status == "offered" else status, register, cast, offered=status == "offered")
    told = case.events.count()
    with pytest.raises(Invalid) as refused:
        act(case, cast)
    assert list(refused.value.errors) == [field]
    assert case.events.count() == told


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("summary", {"summary": "长" * 301}),
        ("demand", {"demand": "长" * 1001}),
        ("narrative", {"narrative": "长" * (NARRATIVE + 1)}),
        *((name, {"complainant": Complainant(**{name: "1" * (most + 1)})}) for name, most in LONGEST.items()),
        ("care", {"complainant": Complainant(care="长" * 201)}),
    ],
)
def test_registering_refuses_what_is_too_long(register: Register, field: str, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        register("fiona", **given)
    assert list(refused.value.errors) == [field]


def test_what_just_fits_is_kept_whole(register: Register, cast: Cast) -> None:
    case = ownership.remind(register("fiona", narrative="长" * 30_000), "长" * REASON, actor=cast.sam)
    assert case.facts["text"] == "长" * REASON

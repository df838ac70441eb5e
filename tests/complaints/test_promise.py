"""Promise: a reply time agreed with the customer has a clock of its own, to that very moment."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.errors import Invalid, NotAllowed, Stale
from complaints.agreements import promise
from complaints.correspondence import respond
from complaints.integrity import Proof, broken
from complaints.lifecycle import investigate, resolve
from complaints.models import Complaint
from complaints.ownership import take
from complaints.proofs import proof
from complaints.states import Verb
from complaints.tasks import record_breaches
from sla.clocks import NoPolicy
from sla.models import Clock
from tests.complaints.machines import LIST, machine, post
from tests.complaints.pages import AGREED, address, both_histories_tell, do, outsiders_find_nothing
from tests.conftest import Cast, agreed, decided, established, said
from tests.sla.test_matching import in_force

Register = Callable[..., Complaint]
As = Callable[[str], Client]
NOW = datetime.fromisoformat("2026-11-25T10:00+08:00")


def on(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def running(case: Complaint) -> Clock:
    return Clock.objects.running().get(complaint=case, target="promise")


def test_the_clock_runs_to_that_very_moment_and_can_be_proved(register: Register, cast: Cast) -> None:
    reply_at = on(51.5)
    case = promise(register("fiona"), agreed(reply_at=reply_at), actor=cast.fiona)
    clock = running(case)
    assert (clock.due_at, clock.provisional) == (reply_at, False)
    assert proof(clock, timezone.localdate()).agrees
    assert list(broken(Proof())) == []


@pytest.mark.parametrize("text", ["2026-11-27T00:00+08:00", "2026-11-25T23:59:59+08:00", "2026-11-26T00:00+08:00"])
def test_midnight_is_a_moment_like_any_other(register: Register, cast: Cast, text: str) -> None:
    with time_machine.travel(NOW, tick=False):
        case = promise(register("fiona"), agreed(reply_at=datetime.fromisoformat(text)), actor=cast.fiona)
    assert running(case).due_at == datetime.fromisoformat(text)
    assert proof(running(case), timezone.localdate()).agrees


def test_telling_the_customer_keeps_it(register: Register, cast: Cast) -> None:
    case = promise(register("fiona"), agreed(), actor=cast.fiona)
    respond(case, said(), actor=cast.fiona)
    clock = case.clocks.get(target="promise")
    assert clock.stopped_at is not None
    assert clock.breached_at is None


def test_the_outcome_keeps_it_too(register: Register, cast: Cast) -> None:
    case = promise(register("fiona"), agreed(), actor=cast.fiona)
    resolve(investigate(case, established(), actor=cast.fiona), decided(), actor=cast.fiona)
    assert not Clock.objects.running().exists()


def test_a_new_agreement_replaces_the_one_before_and_both_stay(register: Register, cast: Cast) -> None:
    case = promise(register("fiona"), agreed(), actor=cast.fiona)
    case = promise(case, agreed(reply_at=on(1)), actor=cast.fiona)
    first, second = case.clocks.filter(target="promise").order_by("id")
    assert (first.stopped_at is None, first.breached_at, second.stopped_at) == (False, None, None)
    assert (case.due_at, case.due_target) == (second.due_at, "promise")
    assert list(broken(Proof())) == []


def test_a_broken_agreement_stays_broken_when_it_is_replaced(register: Register, cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as moved:
        case = promise(register("fiona"), agreed(reply_at=on(1)), actor=cast.fiona)
        moved.shift(timedelta(hours=2))
        assert record_breaches([running(case).pk]) == 1
        promise(case, agreed(reply_at=on(1)), actor=cast.fiona)
    assert case.clocks.filter(target="promise", breached_at__isnull=False, stopped_at__isnull=False).count() == 1


def test_it_loosens_no_limit_of_the_law(register: Register, cast: Cast) -> None:
    law = {"amount": 5, "unit": "days", "is_statutory": True, "extendable_to": 60}
    in_force("law", {"target": "statutory_resolution"} | law)
    case = register("fiona")
    latest = case.clocks.get(target="statutory_resolution").due_at
    with pytest.raises(Invalid) as refused:
        promise(case, agreed(reply_at=latest + timedelta(seconds=1)), actor=cast.fiona)
    assert "reply_at" in refused.value.errors
    promise(case, agreed(reply_at=latest), actor=cast.fiona)


def test_it_may_pass_the_houses_own_date_but_not_its_longest(register: Register, cast: Cast) -> None:
    case = register("fiona")
    own = case.clocks.get(target="resolution").due_at
    promise(case, agreed(reply_at=own + timedelta(days=1)), actor=cast.fiona)
    with pytest.raises(Invalid):
        promise(case, agreed(reply_at=own + timedelta(days=90)), actor=cast.fiona)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reply_at": on(-1)}, "reply_at"), ({"text": " "}, "text"), ({"means": "no_contact"}, "means")],
)
def test_what_cannot_be_agreed_is_refused(register: Register, cast: Cast, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        promise(register("fiona"), agreed(**given), actor=cast.fiona)
    assert list(refused.value.errors) == [field]


def test_an_institution_may_do_without_agreements(register: Register, cast: Cast) -> None:
    in_force("agreed", number=2)
    with pytest.raises(NoPolicy):
        promise(register("fiona"), agreed(), actor=cast.fiona)


def test_by_owner_or_first_responder_alone(register: Register, cast: Cast) -> None:
    case = take(register("fiona"), actor=cast.frank)
    promise(case, agreed(), actor=cast.fiona)
    with pytest.raises(NotAllowed):
        promise(case, agreed(), actor=cast.sam)


def test_a_stale_page_is_refused(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Stale):
        promise(case, agreed(), actor=cast.fiona, version=case.version - 1)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    assert both_histories_tell(promise(register("fiona"), agreed(), actor=cast.fiona), Verb.PROMISE, cast.fiona)


def test_the_page_does_it_and_the_proof_says_so(register: Register, as_: As) -> None:
    case, fiona = register("fiona"), as_("fiona")
    assert fiona.get(address(case, "promise")).status_code == 200
    assert do(fiona, case, "promise", **AGREED).status_code == 302
    assert "约定的答复" in fiona.get(case.get_absolute_url()).content.decode()
    page = fiona.get(f"{case.get_absolute_url()}clocks/promise/").content.decode()
    assert "与您约定" in page


def test_the_page_says_what_is_the_latest(register: Register, as_: As) -> None:
    far = f"{timezone.localtime() + timedelta(days=200):%Y-%m-%dT%H:%M}"
    answer = do(as_("fiona"), register("fiona"), "promise", **AGREED | {"reply_at": far})
    assert answer.status_code == 422
    assert "请约定更早的时间" in answer.content.decode()


def test_the_api_does_it(register: Register, cast: Cast) -> None:
    case, body = register("fiona"), {"reply_at": on(30).isoformat(), "means": "phone", "text": "后天"}
    assert post(machine(cast.fiona), f"{LIST}{case.reference}/promise/", body).status_code == 200
    assert running(case).term.policy.code == "agreed"


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("wendy"), register("fiona"), "promise")

"""The ladder: every step that has come is taken once, by any worker, in any order, also long after its moment."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from complaints import tasks
from complaints.correspondence import respond
from complaints.escalation import escalate, steps_done, warn
from complaints.integrity import Proof, broken
from complaints.models import CaseEvent, Complaint, Escalation
from complaints.states import Verb
from sla.models import Clock
from tests.committed import db  # noqa: F401  (rows are committed here: several workers meet)
from tests.conftest import NOW, Cast, said

Register = Callable[..., Complaint]
OUTAGE = NOW + timedelta(days=6)  # of the 24 hours every step is over, the last three working days after


@pytest.fixture
def forgotten(register: Register) -> list[int]:
    """The response clocks of six complaints that nobody answered, and no sweep saw."""
    with time_machine.travel(NOW, tick=False):
        for _ in range(6):
            register("fiona")
    return list(Clock.objects.filter(target="response").order_by("pk").values_list("pk", flat=True))


def steps(key: int) -> list[int]:
    return list(
        CaseEvent.objects.filter(facts__clock=key, facts__has_key="step")
        .order_by("seq")
        .values_list("facts__step", flat=True)
    )


def at_once(*acts: Callable[[], object]) -> None:
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait(10)
        act()
        connection.close()

    workers = [threading.Thread(target=run, args=[act]) for act in acts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)


@time_machine.travel(OUTAGE, tick=False)
def test_after_an_outage_every_step_is_recorded_in_order(forgotten: list[int]) -> None:
    taken = tasks.take_steps(forgotten)
    assert taken == {Verb.WARN: 6, Verb.BREACH: 6, Verb.ESCALATE: 12}
    assert {tuple(steps(key)) for key in forgotten} == {(-1, 1, 2, 3)}
    assert set(Clock.objects.filter(pk__in=forgotten).values_list("next_step_at", flat=True)) == {None}
    assert not list(broken(Proof()))


@time_machine.travel(OUTAGE, tick=False)
def test_each_step_goes_further_up(forgotten: list[int], cast: Cast) -> None:
    tasks.take_steps(forgotten[:1])
    told = CaseEvent.objects.filter(verb="escalate").order_by("seq").values_list("facts__to", flat=True)
    assert list(told) == [[cast.sam.pk], [cast.olivia.pk], [cast.carol.pk]]


@time_machine.travel(OUTAGE, tick=False)
def test_two_workers_at_once_take_each_step_once(forgotten: list[int]) -> None:
    both = [
        lambda: tasks.take_steps(forgotten),
        lambda: tasks.record_breaches(forgotten),
        lambda: tasks.take_steps(forgotten[::-1]),
    ]
    at_once(*both)
    tasks.take_steps(forgotten)
    assert sorted(Escalation.objects.values_list("clock", "step")) == sorted(
        (key, step) for key in forgotten for step in (-1, 1, 2, 3)
    )
    assert {tuple(sorted(steps(key))) for key in forgotten} == {(-1, 1, 2, 3)}
    assert not list(broken(Proof()))


@time_machine.travel(OUTAGE, tick=False)
def test_a_breach_that_comes_before_its_warning_loses_neither(forgotten: list[int]) -> None:
    assert tasks.record_breaches(forgotten[:1]) == 1
    assert tasks.take_steps(forgotten[:1]) == {Verb.WARN: 1, Verb.BREACH: 0, Verb.ESCALATE: 2}
    assert steps(forgotten[0]) == [1, -1, 2, 3]
    assert tasks.take_steps(forgotten[:1])[Verb.WARN] == 0


@time_machine.travel(OUTAGE, tick=False)
def test_one_by_one_tells_the_same(forgotten: list[int], cast: Cast) -> None:
    clock = Clock.objects.get(pk=forgotten[0])
    warn(clock, actor=cast.system)
    for _ in range(3):
        escalate(clock, actor=cast.system)
    tasks.take_steps(forgotten[1:2])
    alone, together = (
        [
            (event.verb, {**event.facts, "clock": 0, "at": "", "due_at": ""})
            for event in CaseEvent.objects.filter(facts__clock=key).order_by("seq")
        ]
        for key in forgotten[:2]
    )
    assert alone == together


@time_machine.travel(OUTAGE, tick=False)
def test_the_database_takes_no_step_twice(forgotten: list[int], cast: Cast) -> None:
    tasks.take_steps(forgotten[:1])
    step = Escalation.objects.first()
    assert step is not None
    with pytest.raises(IntegrityError, match="one_escalation_per_clock_and_step"), transaction.atomic():
        Escalation.objects.create(
            complaint=step.complaint, clock=step.clock, step=step.step, unit=step.unit, at=timezone.now()
        )


@time_machine.travel(OUTAGE, tick=False)
def test_a_date_that_says_nothing_is_only_looked_at_too_early(forgotten: list[int]) -> None:
    tasks.take_steps(forgotten)
    Clock.objects.filter(pk__in=forgotten).update(next_step_at=NOW)
    assert sum(tasks.take_steps(forgotten).values()) == 0
    assert list(tasks.stepping_clocks()) == []
    assert steps_done(forgotten) == {key: {-1, 1, 2, 3} for key in forgotten}


def test_a_clock_that_stops_takes_no_step_any_more(forgotten: list[int], cast: Cast) -> None:
    case = Clock.objects.get(pk=forgotten[0]).complaint
    with time_machine.travel(NOW + timedelta(hours=30), tick=False):
        respond(case, said(), actor=cast.fiona)
    with time_machine.travel(OUTAGE, tick=False):
        assert sum(tasks.take_steps(forgotten[:1]).values()) == 0
    assert not Escalation.objects.filter(clock=forgotten[0]).exists()


@time_machine.travel(OUTAGE, tick=False)
def test_a_case_that_somebody_holds_holds_up_no_other(forgotten: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PATIENCE", "100ms")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Complaint.objects.select_for_update().get(clocks=forgotten[0])
            held.set()
            done.wait(60)
        connection.close()

    person = threading.Thread(target=hold)
    person.start()
    assert held.wait(10)
    assert tasks.take_steps(forgotten[:3])[Verb.WARN] == 2
    done.set()
    person.join()
    assert tasks.take_steps(forgotten[:3])[Verb.WARN] == 1

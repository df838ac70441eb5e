"""Many machines at the same moment: one complaint a key, one winner a deed, no gap in a history."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from accounts.errors import Refusal
from accounts.models import User
from complaints.integrity import Proof, broken
from complaints.models import Complaint
from complaints.ownership import take
from complaints.states import Verb
from tests.committed import db  # noqa: F401  (rows are committed here: several connections meet)
from tests.complaints.machines import BODY, LIST, machine, post
from tests.conftest import Cast

MANY = 8


def at_once(do: Callable[[int], Any]) -> list[Any]:
    """What each of many threads got, each on a connection of its own."""

    def one(number: int) -> Any:
        try:
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(one, range(MANY)))


def test_the_same_key_sent_by_many_makes_one_complaint(cast: Cast) -> None:
    clients = [machine(cast.fiona) for _ in range(MANY)]
    answers = at_once(lambda number: post(clients[number], LIST, BODY, **{"idempotency-key": "k-1"}))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert Complaint.objects.count() == 1


def test_many_registrations_get_a_number_each(cast: Cast) -> None:
    clients = [machine(cast.fiona) for _ in range(MANY)]
    answers = at_once(lambda number: post(clients[number], LIST, BODY))
    assert len({answer.json()["reference"] for answer in answers}) == MANY


def test_of_many_who_take_a_case_one_has_seen_it_as_it_is(register: Callable[..., Complaint], cast: Cast) -> None:
    case = register("fiona")
    clients = [machine(cast.people[who]) for who in ("frank", "sam") * (MANY // 2)]
    address = f"{LIST}{case.reference}/take/"
    answers = at_once(lambda number: post(clients[number], address, {"version": case.version}).status_code)
    assert answers.count(200) == 1
    assert set(answers) <= {200, 403, 409}


def test_of_many_who_saw_one_owner_one_takes_it_even_without_a_version(
    register: Callable[..., Complaint], cast: Cast
) -> None:
    case = register("fiona")
    people = [User.objects.get(username=who) for who in ("frank", "sam") * (MANY // 2)]

    def attempt(number: int) -> bool:
        try:
            take(case, actor=people[number])
        except Refusal:
            return False
        return True

    assert at_once(attempt).count(True) == 1
    assert case.events.filter(verb=Verb.TAKE).count() == 1


def test_many_notes_leave_a_whole_history(register: Callable[..., Complaint], cast: Cast) -> None:
    case = register("fiona")
    clients = [machine(cast.fiona) for _ in range(MANY)]
    address = f"{LIST}{case.reference}/note/"
    answers = at_once(lambda number: post(clients[number], address, {"body": f"第 {number} 条"}).status_code)
    assert answers == [200] * MANY
    assert case.events.count() == MANY + 1
    assert list(broken(Proof())) == []

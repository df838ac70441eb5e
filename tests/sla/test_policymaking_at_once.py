"""Two people at once: numbers do not clash, and of two decisions one counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from accounts.errors import WrongStatus
from accounts.models import User
from sla.models import Policy
from sla.policymaking import approve, decline
from tests.committed import db  # noqa: F401  (rows are committed: two sessions meet)
from tests.policies import made, proposal


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Do all at the same moment, each in a session of its own; tell how each ended."""
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> str:
        gate.wait()
        try:
            deed()
            return "done"
        except WrongStatus as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(do, deeds))


def test_two_decisions_at_once_leave_one(two: tuple[User, User]) -> None:
    for _ in range(5):
        held = made(proposal(), two[0], seen=Policy.objects.filter(code="major").count())
        ended = at_once(
            lambda held=held: approve(held, actor=two[1]), lambda held=held: decline(held, "不行", actor=two[1])
        )
        assert ended == ["done", "stale"]


def test_two_drafts_at_once_leave_one(two: tuple[User, User]) -> None:
    held = decline(made(proposal(), two[0]), "不行", actor=two[1])
    ended = at_once(*(lambda who=who: made(proposal(), who, seen=held.number) for who in two))
    assert ended == ["done", "wrong_status"]
    assert list(Policy.objects.filter(code="major").values_list("number", flat=True)) == [2, 1]

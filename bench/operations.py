"""The operations that are measured, as requests and, for counting queries, as calls within this process."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from bench.asking import Asker
from complaints.models import Complaint
from config.demo import grammar, people
from config.demo.themes import THEMES

WHOLE, BRANCH, CLERK = "ouyangli", "supervisor", "frontdesk"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to measure: who asks what, and what it may cost in bare views at the largest size."""

    name: str
    who: str
    paths: tuple[str, ...]
    target: float | None = None
    posts: Callable[[int], bytes] | None = None
    flat: bool = True  # its median may not grow with the size

    def request(self, asker: Asker) -> Callable[[int], float]:
        """The request of a number: pages take turns, and each registration is a new one."""

        def do(number: int) -> float:
            path = self.paths[number % len(self.paths)]
            if self.posts is None:
                return asker.ask(path)[2]
            headers = {"Content-Type": JSON, "Idempotency-Key": str(uuid.uuid4())}
            return asker.ask(path, method="POST", body=self.posts(number), headers=headers, expect=201)[2]

        return do

    def queries(self) -> int:
        """The queries of one request in this process, the session's and the reader's included."""
        path, client = self.paths[0], client_with_token() if self.posts else client_of(self.who)
        for _ in range(2):  # the first fills what a process keeps
            with counting() as counted:
                if self.posts is None:
                    answer: Any = client.get(path)
                else:
                    key = str(uuid.uuid4())
                    answer = client.post(path, self.posts(0), content_type=JSON, headers={"Idempotency-Key": key})
                b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code in {200, 201}, (path, answer.status_code)
        return counted[0]


@contextmanager
def counting() -> Iterator[list[int]]:
    """Count what goes to the database; transactions' own BEGIN and COMMIT are not seen."""
    counted = [0]

    def count(execute: Any, *arguments: Any) -> Any:
        counted[0] += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        yield counted


def operations() -> list[Operation]:
    """Everything that is asked of the server, with addresses that exist in the database as it is now."""
    cases = tuple(f"/complaints/{reference}/" for reference in _references(40))
    frequent = "/complaints/?" + urlencode({"state": "all", "q": grammar.FREQUENT[0]})
    rare = "/complaints/?" + urlencode({"state": "all", "q": grammar.RARE})
    span = urlencode({"first": "2020-01-01", "last": timezone.localdate().isoformat()})
    return [
        Operation("register by API", CLERK, ("/api/v1/complaints/",), 23, _body),
        Operation("queue page", WHOLE, ("/complaints/",), 45),
        Operation("queue page, one branch", BRANCH, ("/complaints/",), 45),
        Operation("queue page, all states", WHOLE, ("/complaints/?state=all",), 45),
        Operation("overdue queue", WHOLE, ("/complaints/overdue/",), 45),
        Operation("overdue queue, one branch", BRANCH, ("/complaints/overdue/",), 45),
        Operation("case page", WHOLE, cases, 60),
        Operation("dashboard", WHOLE, ("/reports/dashboard/",), 60),
        Operation("dashboard, one branch", BRANCH, ("/reports/dashboard/",), 60),
        Operation(f"search {grammar.FREQUENT[0]} (frequent)", WHOLE, (frequent,), 45),
        Operation(f"search {grammar.RARE} (rare)", WHOLE, (rare,), 45),
        Operation(f"search {grammar.RARE}, one branch", BRANCH, (rare,), 45),
        Operation("register export, CSV", WHOLE, (f"/reports/register/csv/?{span}",), flat=False),
    ]


def prepare() -> None:
    """The supervisor of the whole institution gets a password; the demo gives her none."""
    person = User.objects.get(username=WHOLE)
    person.set_password(people.PASSWORD)
    person.save()


def token() -> str:
    """A token of the clerk who registers."""
    clerk = User.objects.get(username=CLERK)
    _row, secret = ApiToken.issue(clerk, actor=User.objects.system(), expires_at=timezone.now() + timedelta(days=1))
    return secret


def client_of(username: str) -> Client:
    """A signed-in client within this process."""
    client = Client(SERVER_NAME="127.0.0.1")
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(User.objects.get(username=username), backend=backend)
    return client


def client_with_token() -> Client:
    """A program's client within this process."""
    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Token {token()}"})


def _references(count: int) -> list[str]:
    """References spread over the whole table."""
    newest = Complaint.objects.order_by("-id").values_list("id", flat=True)[0]
    oldest = Complaint.objects.order_by("id").values_list("id", flat=True)[0]
    found = []
    for place in range(count):
        start = oldest + (newest - oldest) * place // count
        found.append(Complaint.objects.filter(id__gte=start).order_by("id").values_list("reference", flat=True)[0])
    return found


def _body(number: int) -> bytes:
    """A complaint by phone, as another program registers it."""
    random = Random(number)
    theme = grammar.pick(random, THEMES)
    filled = grammar.slots(random, timezone.localdate())
    caller = grammar.caller(random, "visit")
    return json.dumps(
        {
            "channel": "phone",
            "received_at": (timezone.now() - timedelta(minutes=4)).isoformat(),
            "complainant": {
                "kind": "person", "name": caller.name or "王小明", "phone": caller.phone or grammar.phone(random),
                "id_type": "id_card", "id_number": grammar.identity_number(random),
            },
            "unit": "E1",
            "category": theme.cause,
            "summary": grammar.pick(random, theme.summaries).format_map(filled),
            "narrative": grammar.narrative(random, theme, filled, rare=False),
            "demand": grammar.pick(random, theme.demands).format_map(filled),
            "claimed_amount": filled["amount"],
        }
    ).encode()  # fmt: skip

"""Every address × everybody: who gets which answer. An address without a row here fails, whoever adds it.

The case is fiona's, registered at East 1: grace works at another outlet, hank in another department; sam supervises East.
Columns: somebody signed out, fiona, grace, hank, sam, carol (compliance), audrey (auditor), adam (administrator).
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from complaints.models import Complaint
from complaints.states import DEEDS
from tests.conftest import Cast

WHO = ["", "fiona", "grace", "hank", "sam", "carol", "audrey", "adam"]

# What GET and POST answer. One code stands for all.
PAGES = """
    healthz                         200
    metrics                         404
    heartbeat                       401 200 200 200 200 200 200 200
    usersessions_list               302 200 200 200 200 200 200 200
    accounts:closed                 404
    accounts:be_away                405                              | 302 422 422 422 422 422 422 422
    accounts:be_back                405                              | 302 404 404 404 404 404 404 404
    accounts:draw_token             405                              | 302 422 422 422 422 422 422 422
    accounts:revoke_token           405                              | 302 404 404 404 404 404 404 404
    accounts:profile                302 200 200 200 200 200 200 200  | 302 400 400 400 400 400 400 400
    accounts:theme                  405                              | 400
    schema                          401 200 200 200 200 200 200 200  | 401 405 405 405 405 405 405 405
    docs                            302 200 200 200 200 200 200 200  | 302 405 405 405 405 405 405 405
    notifications:inbox             302 200 200 200 200 200 200 200  | 405
    notifications:latest            302 200 200 200 200 200 200 200  | 405
    notifications:read_all          405                              | 302
    notifications:read              405                              | 302 404 404 404 404 404 404 404
    reports:dashboard               302 403 403 403 200 200 200 403  | 405
    reports:cases                   302 403 403 403 200 200 200 403  | 405
    reports:register                302 403 403 403 200 200 200 403  | 405
    reports:register_export         302 403 403 403 200 200 200 403  | 405
    reports:monthly                 302 403 403 403 200 200 200 403  | 405
    reports:monthly_export          302 403 403 403 200 200 200 403  | 405
    sla:calendars                   302 200 200 200 200 200 200 200  | 405
    sla:create                      302 403 403 403 403 403 403 200  | 302 403 403 403 403 403 403 422
    sla:publish                     302 403 403 403 403 403 403 200  | 302 403 403 403 403 403 403 422
    sla:units                       302 403 403 403 403 403 403 200  | 405
    sla:choose                      302 403 403 403 403 403 403 200  | 302 403 403 403 403 403 403 302
    sla:progress                    302 404 404 404 404 404 404 404  | 405
    complaints:policies             302 200 200 200 200 200 200 200  | 405
    complaints:policy               302 200 200 200 200 200 200 200  | 405
    complaints:draft_new_policy     302 403 403 403 403 200 403 403  | 302 403 403 403 403 200 403 403
    complaints:draft_policy         302 403 403 403 403 200 403 403  | 302 403 403 403 403 200 403 403
    complaints:decide_policy        302 403 403 403 403 404 403 403  | 302 403 403 403 403 404 403 403
    complaints:home                 302                              | 405
    complaints:find                 405                              | 302 302 302 302 302 302 302 403
    complaints:work                 302 200 200 200 200 200 403 403  | 405
    complaints:views                302 200 200 200 200 200 200 403  | 302 422 422 422 422 422 422 403
    complaints:discard_view         405                              | 302 404 404 404 404 404 404 403
    complaints:queue                302 200 200 200 200 200 200 403  | 405
    complaints:overdue              302 403 403 403 200 200 200 403  | 405
    complaints:overdue_remind       302 403 403 403 200 200 403 403  | 302 403 403 403 200 200 403 403
    complaints:overdue_assign       302 403 403 403 200 403 403 403  | 302 403 403 403 200 403 403 403
    complaints:overdue_people       302 403 403 403 200 403 403 403  | 405
    complaints:register             302 200 200 200 200 200 403 403  | 302 404 404 404 404 404 403 403
    complaints:intake_clocks        302 405 405 405 405 405 403 403  | 302 200 200 200 200 200 403 403
    complaints:intake_known         302 405 405 405 405 405 403 403  | 302 200 200 200 200 200 403 403
    complaints:intake_options       302 405 405 405 405 405 403 403  | 302 404 404 404 404 404 403 403
    complaints:keep_draft           302 405 405 405 405 405 403 403  | 302 404 404 404 404 404 403 403
    complaints:intake_files         302 405 405 405 405 405 403 403  | 302 404 404 404 404 404 403 403
    complaints:discard_draft        302 404 404 404 404 404 403 403  | 302 404 404 404 404 404 403 403
    complaints:case                 302 200 404 404 200 200 200 404  | 302 405 405 405 405 405 405 405
    complaints:people               302 200 404 404 403 403 403 404  | 302 405 405 405 405 405 405 405
    complaints:deadline             302 200 404 404 200 200 200 404  | 302 405 405 405 405 405 405 405
    complaints:evidence             302 404 404 404 404 404 404 404  | 302 405 405 405 405 405 405 405
    complaints:respond              302 200 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:promise              302 200 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:take                 302 403 404 404 200 200 403 404  | 302 403 404 404 302 302 403 404
    complaints:hand_over            302 200 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:accept               302 409 404 404 409 409 403 404  | 302 409 404 404 409 409 403 404
    complaints:decline              302 409 404 404 409 409 403 404  | 302 422 404 404 422 422 403 404
    complaints:recall               302 409 404 404 409 409 403 404  | 302 409 404 404 409 409 403 404
    complaints:assign               302 403 404 404 200 403 403 404  | 302 403 404 404 422 403 403 404
    complaints:remind               302 403 404 404 200 200 403 404  | 302 403 404 404 302 302 403 404
    complaints:note                 302 200 404 404 200 200 403 404  | 302 422 404 404 422 422 403 404
    complaints:attach               302 200 404 404 200 200 403 404  | 302 422 404 404 422 422 403 404
    complaints:investigate          302 200 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:resolve              302 409 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:close                302 409 404 404 409 403 403 404  | 302 409 404 404 409 403 403 404
    complaints:call_back            302 409 404 404 409 409 403 404  | 302 422 404 404 422 422 403 404
    complaints:reopen               302 409 404 404 409 409 403 404  | 302 422 404 404 422 422 403 404
    complaints:ask_extension        302 200 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:recall_extension     302 409 404 404 403 403 403 404  | 302 409 404 404 403 403 403 404
    complaints:approve_extension    302 403 404 404 409 409 403 404  | 302 403 404 404 409 409 403 404
    complaints:decline_extension    302 403 404 404 409 409 403 404  | 302 403 404 404 422 422 403 404
    complaints:extend               302 409 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:withdraw             302 200 404 404 403 403 403 404  | 302 422 404 404 403 403 403 404
    complaints:pause                302 200 404 404 200 403 403 404  | 302 422 404 404 422 403 403 404
    complaints:resume               302 409 404 404 409 403 403 404  | 302 409 404 404 409 403 403 404
    complaints:reveal               302 200 404 404 200 200 403 404  | 302 422 404 404 422 422 403 404
"""
# What the API answers to an empty JSON object.
API = """
    api:complaints                  401 200 200 200 200 200 200 200  | 401 400 400 400 400 400 400 400
    api:complaint                   401 200 404 404 200 200 200 404  | 401 405 405 405 405 405 405 405
    api:history                     401 200 404 404 200 200 200 404  | 401 405 405 405 405 405 405 405
    api:policies                    401 200 200 200 200 200 200 200  | 401 405 405 405 405 405 405 405
    api:nowhere                     404
    api:respond                     401 405 405 405 405 405 405 405  | 401 400 404 404 403 403 403 404
    api:promise                     401 405 405 405 405 405 405 405  | 401 400 404 404 403 403 403 404
    api:take                        401 405 405 405 405 405 405 405  | 401 403 404 404 200 200 403 404
    api:hand_over                   401 405 405 405 405 405 405 405  | 401 400 404 404 403 403 403 404
    api:accept                      401 405 405 405 405 405 405 405  | 401 409 404 404 409 409 403 404
    api:decline                     401 405 405 405 405 405 405 405  | 401 409 404 404 409 409 403 404
    api:recall                      401 405 405 405 405 405 405 405  | 401 409 404 404 409 409 403 404
    api:assign                      401 405 405 405 405 405 405 405  | 401 403 404 404 400 403 403 404
    api:remind                      401 405 405 405 405 405 405 405  | 401 403 404 404 200 200 403 404
    api:note                        401 405 405 405 405 405 405 405  | 401 400 404 404 400 400 403 404
    api:attach                      401 405 405 405 405 405 405 405  | 401 415 404 404 415 415 403 404
    api:investigate                 401 405 405 405 405 405 405 405  | 401 400 404 404 403 403 403 404
    api:resolve                     401 405 405 405 405 405 405 405  | 401 409 404 404 403 403 403 404
    api:close                       401 405 405 405 405 405 405 405  | 401 409 404 404 409 403 403 404
    api:call_back                   401 405 405 405 405 405 405 405  | 401 409 404 404 409 409 403 404
    api:reopen                      401 405 405 405 405 405 405 405  | 401 409 404 404 409 409 403 404
    api:ask_extension               401 405 405 405 405 405 405 405  | 401 400 404 404 403 403 403 404
    api:recall_extension            401 405 405 405 405 405 405 405  | 401 409 404 404 403 403 403 404
    api:approve_extension           401 405 405 405 405 405 405 405  | 401 403 404 404 409 409 403 404
    api:decline_extension           401 405 405 405 405 405 405 405  | 401 403 404 404 409 409 403 404
    api:extend                      401 405 405 405 405 405 405 405  | 401 409 404 404 403 403 403 404
    api:withdraw                    401 405 405 405 405 405 405 405  | 401 400 404 404 403 403 403 404
    api:pause                       401 405 405 405 405 405 405 405  | 401 400 404 404 400 403 403 404
    api:resume                      401 405 405 405 405 405 405 405  | 401 409 404 404 409 403 403 404
    api:reveal                      401 405 405 405 405 405 405 405  | 401 400 404 404 400 400 403 404
"""
# Signing in and out is tested where it belongs; whether the services are ready depends on the machine.
ELSEWHERE = {
    "readyz", "set_language", "account_login", "account_logout", "account_reauthenticate", "account_change_password"
}  # fmt: skip


def rows(table: str) -> dict[str, tuple[list[int], list[int] | None]]:
    """Name → codes of GET and of POST, one a column."""
    found = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        get, _bar, post = line.partition("|")
        name, *codes = get.split()
        found[name] = (spread(codes), spread(post.split()) if post else None)
    return found


def spread(codes: list[str]) -> list[int]:
    return [int(code) for code in codes * (len(WHO) if len(codes) == 1 else 1)]


def names(patterns: list[URLPattern | URLResolver], above: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join(filter(None, [above, pattern.name or "?"])), pattern
        else:
            yield from names(pattern.url_patterns, ":".join(filter(None, [above, pattern.namespace])))


ADDRESSES = dict(names(get_resolver().url_patterns))


@pytest.fixture
def everybody(as_: Callable[[str], Client]) -> list[Client]:
    return [as_(who) if who else Client() for who in WHO]


@pytest.fixture
def address(register: Callable[..., Complaint], cast: Cast) -> Callable[[str], str]:
    """The address of a name, about fiona's case where it is about one."""
    known: dict[str, Any] = {
        "reference": register("fiona").reference, "target": "response", "what": "causes", "form": "csv",
        "draft_id": uuid.uuid4(), "code": "house", "app_label": "sla", "object_id": cast.fiona.pk, "id": cast.fiona.pk,
        "unit": cast.unit["E1"].pk, "rest": "",
    }  # fmt: skip

    def of(name: str) -> str:
        if name == "accounts:closed":
            return "/accounts/signup/"
        regex = ADDRESSES[name].pattern.regex
        if regex.groups > len(regex.groupindex):
            return reverse(name, args=[1] * regex.groups)
        wanted = regex.groupindex
        key = uuid.uuid4() if name == "complaints:evidence" else 1
        return reverse(name, kwargs={one: known.get(one, key) for one in wanted})

    return of


def codes(everybody: list[Client], method: str, at: str, **body: Any) -> list[int]:
    """The answers of all, each undone before the next."""
    found = []
    for browser in everybody:
        with transaction.atomic():
            found.append(getattr(browser, method)(at, **body).status_code)
            transaction.set_rollback(True)
    return found


def test_every_address_has_a_row() -> None:
    ours = {name for name in ADDRESSES if not name.startswith("admin:")} - ELSEWHERE
    closed = {name for name in ours if name.startswith("account_")}
    assert ours - closed == set(rows(PAGES)) | set(rows(API))


@pytest.mark.slow
def test_every_page_answers_each_as_the_table_says(everybody: list[Client], address: Callable[[str], str]) -> None:
    table = {name: get for name, (get, _post) in rows(PAGES + API).items()}
    assert {name: codes(everybody, "get", address(name)) for name in table} == table


@pytest.mark.slow
def test_every_form_answers_each_as_the_table_says(everybody: list[Client], address: Callable[[str], str]) -> None:
    table = {name: post for name, (_get, post) in rows(PAGES).items() if post}
    assert {name: codes(everybody, "post", address(name)) for name in table} == table


@pytest.mark.slow
def test_the_api_answers_each_as_the_table_says(everybody: list[Client], address: Callable[[str], str]) -> None:
    table = {name: post for name, (_get, post) in rows(API).items() if post}
    empty = {"data": "{}", "content_type": "application/json"}
    assert {name: codes(everybody, "post", address(name), **empty) for name in table} == table


@pytest.mark.slow
def test_no_address_of_a_deed_acts_by_link(everybody: list[Client], address: Callable[[str], str]) -> None:
    for verb in DEEDS:
        codes(everybody, "get", address(f"complaints:{verb}"))
    assert Complaint.objects.get().events.count() == 1


def test_what_this_house_has_not_is_404(everybody: list[Client]) -> None:
    for there in (
        "signup/",
        "email/",
        "password/reset/",
        "password/reset/key/1-x/",
        "password/set/",
        "confirm-email/x/",
    ):
        assert codes(everybody, "get", f"/accounts/{there}") == spread(["404"])


@pytest.mark.slow
def test_the_settings_open_for_administrators_alone(everybody: list[Client], address: Callable[[str], str]) -> None:
    for name in (name for name in ADDRESSES if name.startswith("admin:") and name != "admin:login"):
        at = "/admin/nowhere/" if name == "admin:?" else address(name)
        *others, adam = codes(everybody, "get", at)
        assert set(others) <= {302, 404}, name
        assert adam in {200, 302, 403, 404, 405}, name

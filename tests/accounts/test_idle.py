"""Fifteen minutes without a hand on the keyboard end a session; what an open page asks by itself does not count."""

from collections.abc import Callable

import time_machine
from django.test import Client

from tests.conftest import NOW

SESSIONS = "/accounts/sessions/"
BACKGROUND = {"X-Background": "1"}


def test_an_idle_session_ends_and_the_sign_in_page_says_why(as_: Callable[[str], Client]) -> None:
    client = as_("adam")
    with time_machine.travel(NOW, tick=False) as clock:
        assert client.get(SESSIONS).status_code == 200
        clock.shift(15 * 60 + 1)
        answer = client.get(SESSIONS)
        assert answer.headers["Location"] == f"/accounts/login/?next={SESSIONS}&idle=1"
        assert "已自动退出" in client.get(answer.headers["Location"]).content.decode()


def test_work_keeps_a_session_alive(as_: Callable[[str], Client]) -> None:
    client = as_("adam")
    with time_machine.travel(NOW, tick=False) as clock:
        for _quarter in range(4):
            assert client.get(SESSIONS).status_code == 200
            clock.shift(14 * 60)


def test_the_minutes_question_of_an_open_page_keeps_nothing_alive(as_: Callable[[str], Client]) -> None:
    client = as_("adam")
    with time_machine.travel(NOW, tick=False) as clock:
        client.get(SESSIONS)
        for _minute in range(15):
            clock.shift(60)
            assert client.get("/heartbeat", headers=BACKGROUND).status_code == 200
        clock.shift(60)
        assert client.get("/heartbeat", headers=BACKGROUND).status_code == 401


def test_the_pulse_says_when_the_sweeps_are_silent(as_: Callable[[str], Client]) -> None:
    page = as_("adam").get("/heartbeat").content.decode()
    assert 'id="sweep" hx-swap-oob="true"' in page
    assert "还没有运行过" in page

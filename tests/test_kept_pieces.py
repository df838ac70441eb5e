"""`{% fixed %}`: a piece drawn once and kept never gives one reader what is another's, and never an old form key."""

import re

from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from tests.conftest import Cast

READER = (
    '{% load display %}{% fixed "components/_reader.html" person=person post="柜台" may_register=False unread=unread %}'
)
MENU = '{% load display %}{% fixed "components/_me.html" person="x" post="y" administers=False theme="auto" %}'


def drawn(text: str, language: str = "zh-hans", **values: object) -> str:
    with translation.override(language):
        return Template(text).render(Context(values))


def test_another_value_is_another_piece() -> None:
    pages = [drawn(READER, person=person, unread=unread) for person in ("陈立", "王芳") for unread in (0, 3)]
    assert len(set(pages)) == 4
    assert ["陈立" in page for page in pages] == [True, True, False, False]


def test_a_value_is_text_and_never_markup() -> None:
    page = drawn(READER, person="<script>alert(1)</script>", unread=0)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_language_is_another_piece() -> None:
    assert "Sign out" in drawn(MENU, "en", request=RequestFactory().get("/"), csrf_token="k")
    assert "退出" in drawn(MENU, request=RequestFactory().get("/"), csrf_token="k")


def test_the_form_key_and_the_address_are_the_requests_own() -> None:
    for key, address in (("first", "/complaints/?q=a&b"), ("second", '/x/?q="><script>')):
        page = drawn(MENU, request=RequestFactory().get(address), csrf_token=key)
        assert set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)) == {key}
        assert "<script>" not in page
    assert 'value="/complaints/?q=a&amp;b"' in drawn(
        MENU, request=RequestFactory().get("/complaints/?q=a&b"), csrf_token="k"
    )


def test_each_reader_sees_their_own_name_and_can_leave(cast: Cast) -> None:
    for who in ("fiona", "hank", "fiona"):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        page = browser.get("/notifications/").content.decode()
        assert [str(cast.people[name]) in page for name in ("fiona", "hank")] == [who == "fiona", who == "hank"]
        (key,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))
        assert browser.post("/accounts/logout/", {"csrfmiddlewaretoken": key}).status_code == 302

"""Light or dark: a cookie that the next page is drawn by."""

import pytest
from django.test import Client


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_next_page_is_drawn_in_the_theme_chosen(db: None, theme: str) -> None:
    client = Client()
    answer = client.post("/accounts/theme/", {"theme": theme, "next": "/accounts/login/"})
    assert answer.headers["Location"] == "/accounts/login/"
    assert f'data-theme="{theme}"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_it_leads_nowhere_but_to_our_own_pages(target: str) -> None:
    answer = Client().post("/accounts/theme/", {"theme": "dark", "next": target})
    assert answer.headers["Location"] == "/"


def test_a_theme_nobody_offered_is_refused_and_a_link_cannot_choose() -> None:
    assert Client().post("/accounts/theme/", {"theme": "'><script>"}).status_code == 400
    assert Client().get("/accounts/theme/?theme=dark").status_code == 405

"""Requests as a browser or a program sends them, one connection each, and what they took."""

import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


class UnexpectedAnswerError(RuntimeError):
    """A request was not answered as the benchmark needs it: measuring it would measure an error page."""


@dataclass(slots=True)
class Asker:
    """Somebody who asks one server: with a session, a token, or nothing."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None,
        expect: int = 200,
    ) -> tuple[bytes, http.client.HTTPMessage, float]:  # fmt: skip
        """Ask once; returns body, headers and the milliseconds from connecting to the last byte."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, path, body, self.headers | (headers or {}))
        answer = connection.getresponse()
        read = answer.read()
        taken = (time.perf_counter() - began) * 1000
        connection.close()
        if answer.status != expect:
            raise UnexpectedAnswerError(f"{method} {path}: {answer.status}, not {expect}\n{read[:600].decode()}")
        return read, answer.headers, taken


def signed_in(port: int, username: str, password: str) -> Asker:
    """Sign in through the real page and keep the session."""
    asker = Asker(port)
    page, headers, _ms = asker.ask("/accounts/login/")
    token = TOKEN.search(page.decode())
    if token is None:
        raise UnexpectedAnswerError("The sign-in page has no CSRF token.")
    form = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
    sent = {"Cookie": _cookies(headers), "Content-Type": FORM, "Referer": f"http://127.0.0.1:{port}/accounts/login/"}
    _page, headers, _ms = asker.ask(
        "/accounts/login/", method="POST", body=urlencode(form).encode(), headers=sent, expect=302
    )
    asker.headers["Cookie"] = _cookies(headers)
    return asker


def _cookies(headers: http.client.HTTPMessage) -> str:
    return "; ".join(cookie.split(";", 1)[0] for cookie in headers.get_all("Set-Cookie", []))

"""Machines that use the API with a token of one of the cast."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User

LIST = "/api/v1/complaints/"
BODY: dict[str, Any] = {"channel": "phone", "unit": "E1", "summary": "信用卡被盗刷两笔"}


def machine(user: User, *scopes: str) -> Client:
    """A client with a fresh token of `user`, with all scopes unless some are named."""
    _token, secret = ApiToken.issue(
        user, actor=user, expires_at=timezone.now() + timedelta(days=1), scopes=scopes or tuple(ApiToken.Scope.values)
    )
    return Client(headers={"authorization": f"Token {secret}"})


def post(client: Client, address: str, body: Any = None, **headers: str) -> Any:
    """POST a JSON body; `body` may be text that is no JSON at all."""
    data = body if isinstance(body, str | bytes) else {} if body is None else body
    return client.post(address, data, content_type="application/json", headers=headers or None)

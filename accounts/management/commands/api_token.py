"""`api_token USERNAME`: a token for a machine, printed once and kept nowhere."""

import json
from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import SYSTEM_USERNAME, ApiToken, User

LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = "Prints an API token of a person; only its digest is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--scopes", default=",".join(ApiToken.Scope.values), help="read, intake, act; all by default"
        )
        parser.add_argument("--days", type=int, default=365, help="how long it is valid; 365 by default")
        parser.add_argument("--name", default="", help="what it is for")
        parser.add_argument("--json", action="store_true")

    def handle(
        self, *args: object, username: str, scopes: str, days: int, name: str, json: bool, **options: object
    ) -> None:
        """Raises CommandError for an unknown or inactive person, an unknown scope, and a life out of range."""
        wanted = [scope for scope in dict.fromkeys(scopes.replace(" ", "").split(",")) if scope]
        if unknown := sorted(set(wanted) - set(ApiToken.Scope.values)) or (not wanted and ["none"]):
            raise CommandError(f"Unknown scopes: {', '.join(unknown)}. Scopes are {', '.join(ApiToken.Scope.values)}.")
        if not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"A token is valid for 1 to {LONGEST_DAYS} days.")
        person = User.objects.filter(username=username, is_active=True).exclude(username=SYSTEM_USERNAME).first()
        if person is None:
            raise CommandError(f"There is no active person with the user name {username}.")
        token, secret = ApiToken.issue(
            person,
            actor=User.objects.system(),
            expires_at=timezone.now() + timedelta(days=days),
            scopes=wanted,
            name=name,
        )
        self.stdout.write(_as_json(token, secret) if json else secret)


def _as_json(token: ApiToken, secret: str) -> str:
    return json.dumps(
        {
            "username": token.user.username,
            "token": secret,
            "scopes": token.scopes,
            "expires_at": timezone.localtime(token.expires_at).isoformat(),
        }
    )

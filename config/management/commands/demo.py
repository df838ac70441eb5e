"""The demo institution, for whoever wants to look around."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Unit
from config import checks
from config.demo import journeys, people


class Command(BaseCommand):
    """`demo`: once; where an institution exists already, nothing is done."""

    help = "Founds the demo institution with its people, sign-ins and complaints. Does nothing where there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        if Unit.objects.exists():
            self.stdout.write("There is an institution already: nothing was added.")
            return
        if checks.in_production():
            raise CommandError("The demo's password is published. Set SHOUWEN_DEMO=1 to have it all the same.")
        told = journeys.open_the_demo()
        self.stdout.write(f"Founded 示例银行 with {told} complaints. Sign in with the password {people.PASSWORD} as:")
        self.stdout.write(", ".join(username for username, _name, _posts in people.SIGN_INS))

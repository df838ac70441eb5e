"""What `make run` does before it starts anything: the tables, and on the first start the demo."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import Unit


class Command(BaseCommand):
    """Migrate, then fill an empty database with the demo when SHOUWEN_DEMO is set."""

    help = "Migrates, and adds the demo data to a database without an institution when SHOUWEN_DEMO=1."

    def handle(self, *args: object, **options: object) -> None:
        """Safe to run again and again."""
        call_command("migrate", interactive=False, verbosity=1)
        if settings.DEMO and not Unit.objects.exists():
            call_command("demo")

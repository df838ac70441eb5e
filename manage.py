"""Django's command line. Starts PostgreSQL and Valkey for itself where no DATABASE_URL or REDIS_URL is given."""

import os
import sys

from django.core.management import execute_from_command_line

from config import embedded
from config.embedded import keeper


def main() -> None:
    """Run the command that was asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        embedded.start_if_needed()
    except (keeper.ServiceUnavailableError, OSError, ModuleNotFoundError) as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""The web application, for gunicorn or any other WSGI server. It is not made where a check finds an error."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config import checks  # noqa: E402 - settings must be ready

checks.refuse_to_start()

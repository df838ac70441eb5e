"""The web application, for gunicorn or any other WSGI server. It is not made where a check finds an error."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config import checks  # noqa: E402 - settings must be ready

checks.refuse_to_start()

# What is loaded now stays: the collector need not walk it again, and a forked worker shares it with its parent. A request
# makes some thousand containers that die with it; looking for cycles every 700 of them took an eighth of a page's time.
YOUNG, MIDDLE, OLD = 50_000, 20, 50
gc.collect()
gc.freeze()
gc.set_threshold(YOUNG, MIDDLE, OLD)

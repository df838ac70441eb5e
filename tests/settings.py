"""The suite's settings: the product's, on real services, which are started here before anything reads a URL.

The services stay up until the last test process has ended. Databases are `test_…` beside the ordinary one.
"""

import os

from config import embedded

embedded.start_if_needed()
os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789-0123456789-0123456789-0123456789")

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

"""Tests: strict, fast, in a folder of their own; PostgreSQL and Redis come by environment."""

import os
import tempfile


# A throw-away data folder per process: tests never touch a developer's data.
if "PYTEST_XDIST_WORKER" in os.environ or "QUALEPREF_DATA" not in os.environ:
    os.environ["QUALEPREF_DATA"] = tempfile.mkdtemp(prefix="qualepref-test-")

from qualepref.settings.base import *  # noqa: F403
from qualepref.settings.base import DATABASES, TEMPLATES


SECRET_KEY = "tests-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SHOW_CATALOGUE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# An undefined variable renders a marker that the test client refuses (tests/conftest.py).
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = ":memory:"
    DATABASES["default"]["OPTIONS"].pop("init_command")

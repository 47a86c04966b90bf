"""The settings of `make run`, with one more app: the document of the tests."""

from qualepref.settings.local import *  # noqa: F403
from qualepref.settings.local import INSTALLED_APPS


INSTALLED_APPS = [*INSTALLED_APPS, "tests.services.sized"]

"""Embedded default: one machine, nothing else to install. Used by ``make run`` and by developers."""

from qualepref.settings.base import *  # noqa: F403
from qualepref.settings.base import env


DEBUG = env.bool("DEBUG", False)
SHOW_DEMO_ACCOUNTS = env.bool("SHOW_DEMO_ACCOUNTS", True)
# Served straight from the packages: no collectstatic (thousands of DSFR icons) before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# The catalogue of components is a developers' page.
SHOW_CATALOGUE = env.bool("SHOW_CATALOGUE", True)

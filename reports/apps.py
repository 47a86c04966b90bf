"""Start of the app: what the apps above declare, and what the machine must have."""

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from reports.checks import check_harfbuzz

        checks.register(check_harfbuzz)
        # Kinds and sections declare themselves in the documents.py of each app.
        autodiscover_modules("documents")

"""Start of the app: what it declares to the floors below, what the apps above declare to it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IndicatorsConfig(AppConfig):
    name = "indicators"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        # Computed figures and dated events of this app and of the apps above.
        autodiscover_modules("indicator_sources")

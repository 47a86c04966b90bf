"""Start of the app: what it declares to the floors below, what the apps above declare to it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.registry import NavEntry, register_nav


class IndicatorsConfig(AppConfig):
    name = "indicators"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        register_nav(
            NavEntry(
                label="Indicateurs",
                url_name="indicators:figure_list",
                prefix="/indicateurs/",
                permission="referential.read",
                order=30,
            )
        )
        # Computed figures and dated events of this app and of the apps above.
        autodiscover_modules("indicator_sources")

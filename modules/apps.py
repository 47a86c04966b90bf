"""Start of the app: what it declares to the floors below."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.registry import NavEntry, register_nav


class ModulesConfig(AppConfig):
    name = "modules"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Démarche"

    def ready(self) -> None:
        register_nav(
            NavEntry(
                label="Démarche",
                url_name="modules:cycle_list",
                prefix="/modules/",
                permission="cycle.read",
                order=20,
            )
        )
        # Parts of the pages of working groups and grids, declared by the apps above.
        autodiscover_modules("group_panels", "row_panels")
        # Parts of the référentiel files that the apps above read and load.
        autodiscover_modules("referential_part")

"""Start of the app: what it declares to the floors below."""

from django.apps import AppConfig

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

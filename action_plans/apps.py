"""Start of the app: what it declares to the floors below, what the apps above declare to it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.registry import NavEntry, register_nav


class ActionPlansConfig(AppConfig):
    name = "action_plans"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Actions"

    def ready(self) -> None:
        register_nav(
            NavEntry(
                label="Actions",
                url_name="action_plans:action_list",
                prefix="/actions/",
                permission="action.read",
                order=60,
            )
        )
        # Origins, measures and cards of this app and of the apps above.
        autodiscover_modules("action_sources", "action_cards")

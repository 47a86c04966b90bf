"""Start of the app: what it declares to the floors below (its documents declare themselves)."""

from django.apps import AppConfig

from common.registry import NavEntry, register_nav


class MeetingsConfig(AppConfig):
    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Comités"

    def ready(self) -> None:
        register_nav(
            NavEntry(
                label="Comités",
                url_name="meetings:committee_list",
                prefix="/comites/",
                permission="committee.read",
                order=80,
                is_home=True,
            )
        )

"""Start of the app: what it declares to the floors below."""

from django.apps import AppConfig

from common.registry import NavEntry, register_nav


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Comptes et organisation"

    def ready(self) -> None:
        register_nav(
            NavEntry(
                label="Administration",
                url_name="accounts:administration",
                prefix="/administration/",
                permission="prefecture.edit",
                order=90,
                is_home=True,
            )
        )

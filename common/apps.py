"""Start of the app: what it declares to the floors below, and to each connection to the database."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from common.search import add_functions


class CommonConfig(AppConfig):
    name = "common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # No business effect (docs/adr/0004): the way that Django gives to prepare a connection.
        connection_created.connect(add_functions, dispatch_uid="common.search")

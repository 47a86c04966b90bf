"""Addresses of the exchange with PILOTE."""

from django.urls import path

from indicators import converters  # noqa: F401 - declares « indicator »
from indicators.views import pilote


urlpatterns = [
    path("pilote/", pilote.pilote_page, name="pilote_page"),
    path(
        "pilote/identifiants/<indicator:code>/",
        pilote.pilote_identifier,
        name="pilote_identifier",
    ),
    path("pilote/fichier/", pilote.pilote_file, name="pilote_file"),
]

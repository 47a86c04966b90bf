"""Addresses of the exchange with PILOTE."""

from django.urls import path

from indicators.views import pilote


urlpatterns = [
    path("pilote/", pilote.pilote_page, name="pilote_page"),
    path("pilote/fichier/", pilote.pilote_file, name="pilote_file"),
]

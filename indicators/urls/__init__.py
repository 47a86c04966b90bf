"""Addresses of the app, under ``/indicateurs/``."""

from indicators.urls import catalogue, entry, imports, pilote, reading


app_name = "indicators"
urlpatterns = [
    *catalogue.urlpatterns,
    *entry.urlpatterns,
    *imports.urlpatterns,
    *pilote.urlpatterns,
    *reading.urlpatterns,
]

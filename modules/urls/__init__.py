"""Addresses of the app, under ``/modules/``: « Démarche » and the référentiels."""

from modules.urls import (
    assessments,
    cycles,
    documents,
    evidence,
    groups,
    procedures,
    readiness,
    referentials,
)


app_name = "modules"
urlpatterns = [
    *assessments.urlpatterns,
    *cycles.urlpatterns,
    *documents.urlpatterns,
    *evidence.urlpatterns,
    *groups.urlpatterns,
    *procedures.urlpatterns,
    *readiness.urlpatterns,
    *referentials.urlpatterns,
]

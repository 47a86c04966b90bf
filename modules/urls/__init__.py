"""Addresses of the app, under ``/modules/``: « Démarche » and the référentiels."""

from modules.urls import (
    adoption,
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
    *adoption.urlpatterns,
    *assessments.urlpatterns,
    *cycles.urlpatterns,
    *documents.urlpatterns,
    *evidence.urlpatterns,
    *groups.urlpatterns,
    *procedures.urlpatterns,
    *readiness.urlpatterns,
    *referentials.urlpatterns,
]

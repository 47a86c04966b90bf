"""Addresses of the workbooks read for figures."""

from django.urls import path

from indicators.views import imports


ONE = "importer/<int:pk>/"

urlpatterns = [
    path("importer/", imports.import_create, name="import_create"),
    path("importer/historique/", imports.import_list, name="import_list"),
    path(ONE, imports.import_detail, name="import_detail"),
    path(f"{ONE}avancement/", imports.import_progress, name="import_progress"),
    path(f"{ONE}reponses/", imports.import_answer, name="import_answer"),
    path(f"{ONE}appliquer/", imports.import_apply, name="import_apply"),
    path(f"{ONE}reprendre/", imports.import_resume, name="import_resume"),
    path(f"{ONE}abandonner/", imports.import_drop, name="import_drop"),
    path(f"{ONE}annuler/", imports.import_undo, name="import_undo"),
    path(f"{ONE}fichier/", imports.import_file, name="import_file"),
]

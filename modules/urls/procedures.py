"""Addresses of the procedure sheets."""

from django.urls import path

from modules.views import procedure_texts as texts
from modules.views import procedures as views


SHEET = "fiches/<int:pk>/"

urlpatterns = [
    path("fiches/", views.procedure_list, name="procedure_list"),
    path("fiches/nouvelle/", views.procedure_create, name="procedure_create"),
    path(SHEET, views.procedure_detail, name="procedure_detail"),
    path(f"{SHEET}modifier/", views.procedure_edit, name="procedure_edit"),
    path(f"{SHEET}engagements/", views.procedure_commitments, name="procedure_commitments"),
    path(f"{SHEET}comparer/", views.procedure_compare, name="procedure_compare"),
    path(f"{SHEET}versions/<int:number>/fichier/", views.procedure_file, name="procedure_file"),
    path(f"{SHEET}lecture/", views.procedure_acknowledge, name="procedure_acknowledge"),
    path(f"{SHEET}retirer/", views.procedure_remove, name="procedure_remove"),
    path(f"{SHEET}retablir/", views.procedure_restore, name="procedure_restore"),
    path(f"{SHEET}rediger/", texts.procedure_write, name="procedure_write"),
    path(f"{SHEET}texte/", texts.procedure_text_save, name="procedure_text_save"),
    path(f"{SHEET}fichier/", texts.procedure_upload, name="procedure_upload"),
    path(f"{SHEET}fichier/retirer/", texts.procedure_detach, name="procedure_detach"),
    path(f"{SHEET}nouvelle-version/", texts.procedure_start, name="procedure_start"),
    path(f"{SHEET}soumettre/", texts.procedure_submit, name="procedure_submit"),
    path(f"{SHEET}approuver/", texts.procedure_approve, name="procedure_approve"),
    path(f"{SHEET}renvoyer/", texts.procedure_send_back, name="procedure_send_back"),
]

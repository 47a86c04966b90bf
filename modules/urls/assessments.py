"""Addresses of the auto-diagnostics."""

from django.urls import URLPattern, path

from modules.views import assessment_sheets as sheets
from modules.views import assessments as views


_CYCLE = "demarches/<int:pk>/auto-diagnostics/"
_ONE = "auto-diagnostics/<int:pk>/"
_SHEET = "grilles/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(_CYCLE, views.assessment_list, name="assessment_list"),
    path(f"{_CYCLE}nouveau/", views.assessment_create, name="assessment_create"),
    path(f"{_CYCLE}comparer/", views.assessment_compare, name="assessment_compare"),
    path(_ONE, views.assessment_detail, name="assessment_detail"),
    path(f"{_ONE}modifier/", views.assessment_edit, name="assessment_edit"),
    path(f"{_ONE}completer/", views.assessment_complete, name="assessment_complete"),
    path(f"{_ONE}clore/", views.assessment_close, name="assessment_close"),
    path(f"{_ONE}rouvrir/", views.assessment_reopen, name="assessment_reopen"),
    path(f"{_ONE}relancer/", views.assessment_remind, name="assessment_remind"),
    path(_SHEET, sheets.sheet_detail, name="sheet_detail"),
    path(f"{_SHEET}enregistrer/", sheets.sheet_save, name="sheet_save"),
    path(f"{_SHEET}lignes/<int:row_pk>/", sheets.row_save, name="row_save"),
    path(f"{_SHEET}lignes/<int:row_pk>/historique/", sheets.row_history, name="row_history"),
    path(f"{_SHEET}transmettre/", sheets.sheet_submit, name="sheet_submit"),
    path(f"{_SHEET}relire/", sheets.sheet_review, name="sheet_review"),
    path(f"{_SHEET}date-limite/", sheets.sheet_deadline, name="sheet_deadline"),
    path(f"{_SHEET}relancer/", sheets.sheet_remind, name="sheet_remind"),
]

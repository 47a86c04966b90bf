"""Addresses of the minutes: writing, preview, validation, documents, diffusion."""

from django.urls import URLPattern, path

from meetings.views import delivery, minutes, rows, workflow


MEETING = "seances/<slug:slug>/"
WRITING = f"{MEETING}redaction/"
STATE = f"{MEETING}validation/"
# kind of row, its folder in addresses
FOLDERS = (("question", "questions"), ("opinion", "avis"), ("decision", "decisions"))


def _row_patterns(kind: str, folder: str) -> list[URLPattern]:
    """Return the four addresses of one kind of row: ``question_create``, ``question_edit``…"""
    base, given = f"{WRITING}{folder}/", {"kind": kind}
    return [
        path(f"{base}nouveau/", rows.row_create, given, f"{kind}_create"),
        path(f"{base}<int:pk>/", rows.row_edit, given, f"{kind}_edit"),
        path(f"{base}<int:pk>/retirer/", rows.row_remove, given, f"{kind}_remove"),
        path(f"{base}<int:pk>/retablir/", rows.row_restore, given, f"{kind}_restore"),
    ]


urlpatterns: list[URLPattern] = [
    path(WRITING, minutes.minutes, name="minutes"),
    path(f"{WRITING}commencer/", minutes.minutes_start, name="minutes_start"),
    path(f"{WRITING}enregistrer/", minutes.minutes_save, name="minutes_save"),
    path(f"{WRITING}textes/<slug:place_code>/", minutes.text_save, name="text_save"),
    *(pattern for kind, folder in FOLDERS for pattern in _row_patterns(kind, folder)),
    path(f"{MEETING}apercu/", minutes.preview, name="preview"),
    path(f"{MEETING}apercu/document/", minutes.preview_document, name="preview_document"),
    path(STATE, workflow.minutes_state, name="minutes_state"),
    path(f"{STATE}soumettre/", workflow.submit, name="submit"),
    path(f"{STATE}renvoyer/", workflow.send_back, name="send_back"),
    path(f"{STATE}viser/", workflow.visa, name="visa"),
    path(f"{STATE}signer/", workflow.validate, name="validate"),
    path(f"{STATE}corriger/", workflow.correct, name="correct"),
    path(f"{STATE}diffuser/", delivery.diffuse, name="diffuse"),
    path(f"{STATE}envois/", delivery.deliveries, name="deliveries"),
    path(f"{STATE}envois/<int:pk>/relancer/", delivery.delivery_retry, name="delivery_retry"),
    path(f"{MEETING}documents/", workflow.document_request, name="document_request"),
    path("diffusion/<str:token>/", delivery.delivery_receive, name="delivery_receive"),
    path("diffusion/<str:token>/pdf/", delivery.delivery_download, name="delivery_download"),
]

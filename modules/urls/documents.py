"""Addresses of the documents of a démarche and of a comparison."""

from django.urls import path

from modules.views import documents as views


urlpatterns = [
    path(
        "referentiels/<slug:slug>/ce-qui-change/document/",
        views.changes_document_request,
        name="changes_document_request",
    ),
    path("demarches/<int:pk>/documents/", views.cycle_documents, name="cycle_documents"),
    path(
        "demarches/<int:pk>/documents/produire/",
        views.cycle_document_request,
        name="cycle_document_request",
    ),
]

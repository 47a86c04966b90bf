"""Addresses of the documents of a démarche."""

from django.urls import path

from modules.views import documents as views


urlpatterns = [
    path("demarches/<int:pk>/documents/", views.cycle_documents, name="cycle_documents"),
    path(
        "demarches/<int:pk>/documents/produire/",
        views.cycle_document_request,
        name="cycle_document_request",
    ),
]

"""Addresses of the app."""

from django.urls import path

from reports import views


app_name = "reports"
urlpatterns = [
    path("", views.document_list, name="document_list"),
    path("<int:pk>/", views.document_detail, name="document_detail"),
    path("<int:pk>/etat/", views.document_status, name="document_status"),
    path("<int:pk>/fichier/", views.document_download, name="document_download"),
    path("<int:pk>/relancer/", views.document_retry, name="document_retry"),
    path("verifier/", views.verify, name="verify"),
    path("verifier/<str:code>/", views.verify_code, name="verify_code"),
]

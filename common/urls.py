"""Addresses of the public footer pages and of the developers' catalogue."""

from django.conf import settings
from django.urls import path

from common import catalogue, views


app_name = "common"
urlpatterns = [
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("plan-du-site/", views.sitemap, name="sitemap"),
]
if settings.SHOW_CATALOGUE:
    urlpatterns.append(path("composants/", catalogue.catalogue, name="catalogue"))

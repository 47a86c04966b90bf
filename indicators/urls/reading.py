"""Addresses of the pages where figures are read, and of their documents."""

from django.urls import path

from indicators import converters  # noqa: F401 - declares « indicator »
from indicators.views import reading, reading_files, strengths


ONE = "<indicator:code>/"
PERIOD = "synthese/<str:period>/"

urlpatterns = [
    path("", reading.figure_list, name="figure_list"),
    path("prefectures/", reading.prefecture_list, name="prefecture_list"),
    path(
        "prefectures/export/<str:fmt>/", reading_files.prefecture_export, name="prefecture_export"
    ),
    path("export/<str:fmt>/", reading_files.figure_export, name="figure_export"),
    path("tableau-de-bord/", reading_files.dashboard_request, name="dashboard_request"),
    path("synthese/", strengths.strengths_latest, name="strengths_latest"),
    path(PERIOD, strengths.strengths_detail, name="strengths_detail"),
    path(f"{PERIOD}{ONE}", strengths.commentary_edit, name="commentary_edit"),
    path(ONE, reading.figure_detail, name="figure_detail"),
    path(f"{ONE}export/<str:fmt>/", reading_files.points_export, name="points_export"),
    path(f"{ONE}fiche/", reading_files.sheet_request, name="sheet_request"),
    path(f"{ONE}<int:pk>/", reading.measure_detail, name="measure_detail"),
]

"""Addresses of the entry of figures and of their validation."""

from django.urls import path, register_converter

from indicators.reading.periods import Period
from indicators.series import plausible_period
from indicators.views import entry, validation


class PeriodConverter:
    """« 2021 », « 2022-S1 », « 2020-T1 », « 2021-01 »."""

    regex = r"[0-9]{4}(?:-(?:T[1-4]|S[12]|0[1-9]|1[0-2]))?"

    def to_python(self, value: str) -> Period:
        return plausible_period(value)

    def to_url(self, value: Period | str) -> str:
        return value if isinstance(value, str) else value.code


register_converter(PeriodConverter, "period")
GRID = "saisie/<period:period>/"
MEASURE = "mesures/<int:pk>/"

urlpatterns = [
    path("saisie/", entry.entry_list, name="entry_list"),
    path(GRID, entry.entry_grid, name="entry_grid"),
    path(f"{GRID}enregistrer/", entry.entry_save, name="entry_save"),
    path(f"{GRID}lignes/<str:key>/", entry.row_save, name="entry_row"),
    path(f"{GRID}recalculer/", validation.period_recalculate, name="period_recalculate"),
    path(f"{GRID}valider/", validation.period_validate, name="period_validate"),
    path(f"{GRID}publier/", validation.period_publish, name="period_publish"),
    path(f"{GRID}relancer/", validation.period_remind, name="period_remind"),
    path(f"{MEASURE}valider/", validation.measure_validate, name="measure_validate"),
    path(f"{MEASURE}rouvrir/", validation.measure_reopen, name="measure_reopen"),
]

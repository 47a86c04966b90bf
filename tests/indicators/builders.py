"""Small definitions and figures for the tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Prefecture
from indicators.enums import Aggregation, Direction, Level, MeasureStatus, Periodicity, Unit
from indicators.models import Indicator, Measure
from modules.enums import Certainty
from tests.modules.builders import small_referential


def make_indicator(code: str = "TEL-ABOUTI", **fields: Any) -> Indicator:
    """Return a rate measured each quarter for the préfecture, unless ``fields`` say otherwise."""
    found = Indicator.objects.filter(code=code).first()
    if found is not None:
        return found
    values = {
        "label": f"Indicateur {code}",
        "unit": Unit.PERCENT,
        "direction": Direction.UP,
        "periodicity": Periodicity.QUARTER,
        "level": Level.PREFECTURE,
        "aggregation": Aggregation.RATIO,
        "numerator_label": "Appels décrochés",
        "denominator_label": "Appels reçus",
        "source": "Compte rendu du comité",
        "certainty": Certainty.SOURCED,
    }
    return Indicator.objects.create(
        code=code, referential=small_referential(), **{**values, **fields}
    )


def make_measure(
    prefecture: Prefecture,
    indicator: Indicator | None = None,
    period: str = "2021-T4",
    value: str | None = "0.9",
    **fields: Any,
) -> Measure:
    """Return a figure of a quarter; without ``value``, « non mesuré »."""
    values = {
        "starts_on": date(2021, 10, 1),
        "ends_on": date(2021, 12, 31),
        "status": MeasureStatus.NOT_MEASURED if value is None else MeasureStatus.MEASURED,
        "value": None if value is None else Decimal(value),
        "entered_at": timezone.now(),
    }
    return Measure.objects.create(
        prefecture=prefecture,
        indicator=indicator or make_indicator(),
        period=period,
        **{**values, **fields},
    )

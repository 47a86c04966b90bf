"""Tables of the app, cut by noun."""

from indicators.models.catalogue import Indicator, Target
from indicators.models.measures import (
    Commentary,
    Measure,
    MeasureImport,
    MeasureRevision,
    NationalValue,
    RememberedLabel,
)


__all__ = [
    "Commentary",
    "Indicator",
    "Measure",
    "MeasureImport",
    "MeasureRevision",
    "NationalValue",
    "RememberedLabel",
    "Target",
]

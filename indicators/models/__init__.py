"""Tables of the app, cut by noun."""

from indicators.models.catalogue import Indicator, Target
from indicators.models.corrections import IndicatorRevision
from indicators.models.measures import (
    Commentary,
    EntryReminder,
    Measure,
    MeasureImport,
    MeasureRevision,
    NationalValue,
    RememberedLabel,
)
from indicators.models.pilote import PiloteIdentifier


__all__ = [
    "Commentary",
    "EntryReminder",
    "Indicator",
    "IndicatorRevision",
    "Measure",
    "MeasureImport",
    "MeasureRevision",
    "NationalValue",
    "PiloteIdentifier",
    "RememberedLabel",
    "Target",
]

"""What other apps bring to the indicators, filled when they start: the ways up without importing up.

- a *computed source* (``@register_source``): figures that an app computes from its own rows (surveys,
  complaints, mystery tests);
- *dated events* (``@register_events``): what may explain a move on a chart (an action started, a
  survey held, a rule changed).

They stand in the ``indicator_sources.py`` of an app. ``tests/contracts/test_indicator_sources.py`` runs
on every one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, TypeVar

from django.core.exceptions import ImproperlyConfigured

from accounts.models import Prefecture
from indicators.enums import MeasureStatus
from indicators.models import Indicator


@dataclass(frozen=True, slots=True)
class ComputedFigure:
    """One figure computed for a period; ``value`` in the unit of the indicator, a rate from 0 to 1.

    Without a value, ``status`` says which of the two absences it is and ``note`` why.
    """

    indicator: str
    status: MeasureStatus
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    service_id: int | None = None
    site_id: int | None = None
    note: str = ""


class ComputedSource:
    """Figures that an app computes. ``indicators``: the codes that it can bring."""

    code: ClassVar[str]
    label: ClassVar[str]
    indicators: ClassVar[tuple[str, ...]]

    def figures(
        self, prefecture: Prefecture, starts_on: date, ends_on: date
    ) -> list[ComputedFigure]:
        """Return the figures of the period, both days included; never writes."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """Something that happened on a day, drawn on the chart and listed under it."""

    happened_on: date
    label: str
    url: str = ""


CollectEvents = Callable[[Prefecture, Indicator, date, date], list[DatedEvent]]

_sources: dict[str, ComputedSource] = {}
_events: list[CollectEvents] = []
SourceClass = TypeVar("SourceClass", bound=type[ComputedSource])


def register_source(source: SourceClass) -> SourceClass:
    """Declare a computed source (class decorator); two with one code stop the server at start."""
    if source.code in _sources:
        raise ImproperlyConfigured(f"two sources of indicators are called {source.code}")
    _sources[source.code] = source()
    return source


def computed_sources() -> list[ComputedSource]:
    """Return the sources in the order of their labels."""
    return sorted(_sources.values(), key=lambda item: item.label)


def computed_source(code: str) -> ComputedSource | None:
    """Return the source; ``None`` when its app is gone."""
    return _sources.get(code)


def register_events(collect: CollectEvents) -> CollectEvents:
    """Declare a function that tells what happened around an indicator (decorator)."""
    _events.append(collect)
    return collect


def dated_events(
    prefecture: Prefecture, indicator: Indicator, starts_on: date, ends_on: date
) -> list[DatedEvent]:
    """Return what happened between two days, oldest first."""
    found = [
        event for collect in _events for event in collect(prefecture, indicator, starts_on, ends_on)
    ]
    return sorted(found, key=lambda event: (event.happened_on, event.label))

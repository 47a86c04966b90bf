"""What is usual at each period of a page: limits, signals, and where the level changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from common.charts.data import Limits
from common.numbers import usual_range
from indicators.conclusions import rule_ranks
from indicators.levels import change_words, levels_in_words
from indicators.period_words import named
from indicators.reading.periods import Period
from indicators.series import PeriodFigure
from indicators.stretches import Stretch, signals_by_stretch, stretches_of


_APART: Final = "variation habituelle recalculée"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch between two periods of one series, and what it brought."""

    first: Period
    stretch: Stretch
    change: str


@dataclass(frozen=True, slots=True)
class Usual:
    """``spans`` in order of time: each holds until the next begins, the last one to the end."""

    spans: Sequence[Span]
    signals: frozenset[Period]
    unit: str
    decimals: int

    def words(self, period: Period) -> str:
        """Return the limits that hold for a period: « de 74,1 % à 82,3 % »; empty without any."""
        held = [item.stretch for item in self.spans if item.first <= period]
        limits = held[-1].limits if held else None
        return usual_range(limits.lower, limits.upper, self.unit, self.decimals) if limits else ""

    @property
    def changes(self) -> Mapping[Period, str]:
        """What began, by period: « nouveau niveau : environ 91 % »."""
        return {item.first: item.change for item in self.spans if item.change}

    def limits(self, periods: Sequence[Period]) -> list[Limits]:
        """Return the bands that a chart of these periods draws."""
        starts = [sum(period < item.first for period in periods) for item in self.spans]
        stops = [*starts[1:], len(periods)]
        seen = [
            (item, start, stop)
            for item, start, stop in zip(self.spans, starts, stops, strict=True)
            if item.stretch.limits and start < stop
        ]
        levels = levels_in_words([item.stretch for item, _, _ in seen], self.unit)
        found = []
        for (item, start, stop), level in zip(seen, levels, strict=True):
            limits: Any = item.stretch.limits
            name = "Variation habituelle" + (" (provisoire)" if limits.is_provisional else "")
            found.append(
                Limits(
                    limits.lower,
                    limits.upper,
                    label=f"{name} depuis {named(item.first)}" if start else name,
                    mean=limits.mean,
                    level=level,
                    start=start,
                    stop=stop,
                )
            )
        return found


def usual_of(
    series: Sequence[PeriodFigure],
    stretches: Sequence[Stretch],
    older: Sequence[PeriodFigure] = (),
    rules: Sequence[date] = (),
) -> Usual:
    """Return what is usual at the periods of ``series``, that ``stretches`` cut, and of older ones.

    What came before is cut apart, and said so: older figures change nothing of what is said of the others.
    """
    unit = series[0].unit
    before = stretches_of([item.value for item in older], unit=unit, rules=rule_ranks(older, rules))
    spans: list[Span] = []
    signals: set[Period] = set()
    for figures, cut in ((older, before), (series, stretches)):
        if figures:
            spans += _spans(figures, cut, unit, _APART if spans else "")
            found = signals_by_stretch([item.value for item in figures], cut)
            signals |= {figures[rank].period for rank in found}
    return Usual(spans, frozenset(signals), unit, series[0].decimals)


def _spans(
    figures: Sequence[PeriodFigure], stretches: Sequence[Stretch], unit: str, first: str
) -> list[Span]:
    """Return the stretches between periods; ``first``: what the first one brought."""
    found = []
    for before, item in zip([None, *stretches], stretches, strict=False):
        if item.start < len(figures):
            change = change_words(before, item, unit) if before else first
            found.append(Span(figures[item.start].period, item, change))
    return found

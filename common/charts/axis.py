"""Round ticks, and which labels of a line of periods have room. Pure arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from common.charts.text import text_width
from common.numbers import Number, Unit, as_shown, number
from common.typography import NBSP


# Where an axis has no sense beyond, in what is shown (points for a rate).
_CEILINGS: Final[dict[Unit, int]] = {Unit.PERCENT: 100, Unit.MARK10: 10}
_ROUND_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
# By how many periods labels may be thinned out: a quarter, half a year, a year…
_THINNING: Final = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120)


@dataclass(frozen=True, slots=True)
class Axis:
    """Ticks in what is shown, and how to place a value between the first and the last."""

    ticks: tuple[Decimal, ...]
    unit: str

    @property
    def low(self) -> Decimal:
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        return self.ticks[-1]

    def share(self, value: Number) -> float:
        """Return where the value stands on the axis: 0 at its start, 1 at its end."""
        return float((as_shown(value, self.unit) - self.low) / (self.high - self.low))

    def label(self, tick: Decimal) -> str:
        text = number(tick)
        return f"{text}{NBSP}%" if self.unit == Unit.PERCENT else text


def axis_of(
    values: Iterable[Number | None], unit: str, *, from_zero: bool = False, most: int = 6
) -> Axis:
    """Return an axis that holds the values, with at most ``most`` intervals of a round size.

    It starts at zero when asked (bars), or when zero is near. It stops at 100 % or 10/10 unless a
    value goes beyond. Without any value: from 0 to 100 % (or 10).
    """
    unit = Unit(unit)
    shown = [as_shown(value, unit) for value in values if value is not None]
    ceiling = Decimal(_CEILINGS.get(unit, 10))
    low, high = (min(shown), max(shown)) if shown else (Decimal(0), ceiling)
    if from_zero or 0 <= low <= high / 2:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high += abs(high) / 10 or 1
        low = low if low == 0 else low - abs(low) / 10
    step = _round_step((high - low) / most)
    if unit == Unit.COUNT and step < 1:
        step = Decimal(1)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    ticks = [step * rank for rank in range(int(first), int(last) + 1)]
    if unit in _CEILINGS and max(shown, default=ceiling) <= ceiling:
        ticks = [tick for tick in ticks if tick <= ceiling]
        if ticks[-1] < ceiling and max(shown, default=ceiling) > ticks[-1]:
            ticks.append(ceiling)
    return Axis(tuple(ticks), unit)


def _round_step(least: Decimal) -> Decimal:
    """Return the smallest of 1, 2, 2.5, 5 × a power of ten that is not below ``least``."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(step * power for step in _ROUND_STEPS if step * power >= least)


def thinned(labels: Sequence[str], spacing: float, size: float) -> list[int]:
    """Return the ranks of the labels to write, so that none touches the next; the first always."""
    widest = max((text_width(label, size) for label in labels), default=0)
    step = next(
        (step for step in _THINNING if widest + size <= step * spacing), max(len(labels), 1)
    )
    return list(range(0, len(labels), step))

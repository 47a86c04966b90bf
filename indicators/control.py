"""Natural limits of a stretch of values, and the signals in it: the XmR chart, as Wheeler teaches it. Pure.

D. J. Wheeler, *Understanding Variation: The Key to Managing Chaos*, SPC Press, 2nd ed., 2000. Natural
limits are the mean ± 2.66 × the mean moving range; 2.66 is 3 / 1.128, where 1.128 is the mean range of
two values of a normal law of deviation 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from common.numbers import Unit


SCALE: Final = Decimal("2.66")
# A mean of moving ranges over n values is worth about 0.62 (n − 1) degrees of freedom, and the limits
# are uncertain by 1 / √(2 × that): 40 % with 6 values, 27 % with 12. Below 6 a limit says nothing;
# below 12 it is said to be provisional.
MIN_POINTS: Final = 6
FIRM_POINTS: Final = 12
# What is usual is what is recent: the limits of a long stretch rest on its last values (22 % uncertain).
MOST_POINTS: Final = 18
RUN: Final = 8
_HIGHEST: Final[dict[str, Decimal]] = {Unit.PERCENT: Decimal(1), Unit.MARK10: Decimal(10)}


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """Mean and natural limits; a side is ``None`` where the unit allows no value beyond it."""

    mean: Decimal
    moving_range: Decimal
    lower: Decimal | None
    upper: Decimal | None
    n: int

    @property
    def is_provisional(self) -> bool:
        return self.n < FIRM_POINTS

    def is_outside(self, value: Decimal) -> bool:
        return self.is_below(value) or self.is_above(value)

    def is_below(self, value: Decimal) -> bool:
        return self.lower is not None and value < self.lower

    def is_above(self, value: Decimal) -> bool:
        return self.upper is not None and value > self.upper

    @property
    def half(self) -> Decimal:
        """How far from the mean a value becomes nearer to a natural limit."""
        return SCALE * self.moving_range / 2

    def is_near_limit(self, value: Decimal, *, above: bool) -> bool:
        """Tell whether the value is nearer to that natural limit than to the mean."""
        gap = value - self.mean if above else self.mean - value
        return self.half > 0 and gap > self.half


class Signal(StrEnum):
    """Wheeler's three ways of seeing that something changed."""

    OUTSIDE = "outside"
    NEAR_LIMIT = "near_limit"
    RUN = "run"


def control_limits(values: Sequence[Decimal | None], *, unit: str) -> ControlLimits | None:
    """Return the natural limits of values in order of time; ``None`` under ``MIN_POINTS`` of them.

    The last ``MOST_POINTS`` count. Missing values are skipped, and no moving range is taken across a
    gap. A limit beyond what the unit allows (under 0; above 100 % or 10/10) is no limit: that side is
    ``None``.
    """
    values = recent(values)
    known = [value for value in values if value is not None]
    pairs = zip(values, values[1:], strict=False)
    ranges = [abs(new - old) for old, new in pairs if old is not None and new is not None]
    if len(known) < MIN_POINTS or not ranges:
        return None
    mean = sum(known, Decimal(0)) / len(known)
    moving_range = sum(ranges, Decimal(0)) / len(ranges)
    lower, upper = mean - SCALE * moving_range, mean + SCALE * moving_range
    highest = _HIGHEST.get(unit)
    return ControlLimits(
        mean,
        moving_range,
        None if lower < 0 <= min(known) else lower,
        None if highest is not None and upper > highest >= max(known) else upper,
        len(known),
    )


def signals_in(values: Sequence[Decimal | None], limits: ControlLimits) -> dict[int, Signal]:
    """Return the ranks of the values that are signals against these limits, and of which kind.

    Outside a limit; 3 of 4 in a row nearer to the same limit than to the mean; 8 in a row on one side
    of the mean. The first kind that applies is given; a missing value ends a row.
    """
    found: dict[int, Signal] = {}
    for rank, value in enumerate(values):
        if value is not None and (signal := signal_at(values, rank, limits)):
            found[rank] = signal
    return found


def recent(values: Sequence[Decimal | None]) -> Sequence[Decimal | None]:
    """Return the end of a series that holds its last ``MOST_POINTS`` values; all of it under that."""
    count = 0
    for rank in range(len(values) - 1, -1, -1):
        count += values[rank] is not None
        if count == MOST_POINTS:
            return values[rank:]
    return values


def signal_at(values: Sequence[Decimal | None], rank: int, limits: ControlLimits) -> Signal | None:
    """Return the kind of signal that the value of a rank is against these limits, if any."""
    value = values[rank]
    if value is None:
        return None
    if limits.is_outside(value):
        return Signal.OUTSIDE
    above = value > limits.mean
    last_four = _row(values, rank, 4)
    near = [item for item in last_four if limits.is_near_limit(item, above=above)]
    if len(near) >= 3 and limits.is_near_limit(value, above=above):
        return Signal.NEAR_LIMIT
    row = _row(values, rank, RUN)
    same_side = value != limits.mean and all(
        item > limits.mean if above else item < limits.mean for item in row
    )
    return Signal.RUN if len(row) == RUN and same_side else None


def _row(values: Sequence[Decimal | None], rank: int, length: int) -> list[Decimal]:
    """Return the values that end at ``rank``, at most ``length``, back to the first gap."""
    row: list[Decimal] = []
    for value in reversed(values[: rank + 1]):
        if value is None or len(row) == length:
            break
        row.append(value)
    return row

"""Since when do the limits hold? A series is cut where its level changed for good. Pure.

Limits hold for a stretch. Another begins where the counting rule changed, or at a lasting change, which
takes two of Wheeler's signs together (*Understanding Variation*, see ``control``):

- eight values in a row on one side of the mean of the values before them in the stretch;
- and the mean of the eight nearer to a natural limit of those values than to their mean.

The first sign alone is met by chance in 28 % of series of 42 values drawn from one normal law, both in
4 % (2 000 draws). NHS England warns against limits that follow each run (*Making Data Count: Getting
started*). As in the stable shift algorithm (Woodcock, O'Connor, Bell, *BMJ Quality & Safety*, 2025,
doi:10.1136/bmjqs-2025-019263), a change once told stays where it is when later values come.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from indicators.control import (
    MIN_POINTS,
    RUN,
    ControlLimits,
    Signal,
    control_limits,
    recent,
    signals_in,
)


# Chance may put the last values of the old level on the side of the new one: so many of the eight may
# be given back to the stretch before.
_TRIM: Final = RUN - MIN_POINTS

Values = Sequence[Decimal | None]


class Cause(StrEnum):
    """Why a stretch begins."""

    START = "start"
    LEVEL = "level"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Values from rank ``start`` to the rank before ``stop``, and their limits when there are enough."""

    start: int
    stop: int
    cause: Cause
    limits: ControlLimits | None


def stretches_of(values: Values, *, unit: str, rules: Collection[int] = ()) -> tuple[Stretch, ...]:
    """Return the stretches of a series in order of time: one at least, end to end.

    ``rules``: ranks from which another rule is followed; that of a value to come (``len(values)``) makes
    a last stretch without values. Others out of range are ignored.
    """
    cuts = sorted({rank for rank in rules if 0 < rank <= len(values)})
    found: list[Stretch] = []
    for start, stop in zip([0, *cuts], [*cuts, len(values)], strict=True):
        starts = [start]
        while (change := _next_change(values[:stop], starts[-1], len(starts), unit)) is not None:
            starts.append(change)
        for rank, end in zip(starts, [*starts[1:], stop], strict=True):
            cause = Cause.LEVEL if rank != start else Cause.RULE if start else Cause.START
            found.append(Stretch(rank, end, cause, control_limits(values[rank:end], unit=unit)))
    return tuple(found)


def signals_by_stretch(values: Values, stretches: Sequence[Stretch]) -> dict[int, Signal]:
    """Return the signals of each stretch against its own limits, by rank.

    The last stretch holds for the values that follow it too.
    """
    found: dict[int, Signal] = {}
    for item in stretches:
        own = values[item.start :] if item is stretches[-1] else values[item.start : item.stop]
        if item.limits:
            ranks = signals_in(own, item.limits)
            found |= {item.start + rank: signal for rank, signal in ranks.items()}
    return found


def _next_change(values: Values, start: int, order: int, unit: str) -> int | None:
    """Return the rank of the next lasting change after ``start``; ``order``: 1 for a first stretch.

    A stretch born of eight values is not left before they are all behind.
    """
    least = MIN_POINTS if order == 1 else RUN
    for rank in range(start + least, len(values) - RUN + 1):
        row = [value for value in values[rank : rank + RUN] if value is not None]
        before = recent(values[start:rank])
        known = [value for value in before if value is not None]
        if len(row) == RUN and len(known) >= least and _is_change(row, known, before, unit):
            return _sharpest(known, row, rank)
    return None


def _is_change(row: Sequence[Decimal], known: Sequence[Decimal], before: Values, unit: str) -> bool:
    mean = _mean(known)
    if not (all(value > mean for value in row) or all(value < mean for value in row)):
        return False
    limits = control_limits(before, unit=unit)
    return limits is not None and abs(_mean(row) - mean) > limits.half


def _sharpest(known: Sequence[Decimal], row: Sequence[Decimal], rank: int) -> int:
    """Return where the two levels differ the most: at ``rank``, or up to ``_TRIM`` later.

    The difference of the means is weighed by the number of values on each side, as least squares do.
    """

    def contrast(trim: int) -> Decimal:
        old, new = [*known, *row[:trim]], row[trim:]
        return (_mean(new) - _mean(old)) ** 2 * len(old) * len(new)

    return rank + max(range(_TRIM + 1), key=lambda trim: (contrast(trim), -trim))


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)

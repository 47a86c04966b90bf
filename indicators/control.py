"""Is this move a signal or noise? The XmR chart of Shewhart, as Wheeler teaches it. Pure.

D. J. Wheeler, *Understanding Variation: The Key to Managing Chaos*, SPC Press, 2nd ed., 2000. Natural
limits are the mean ± 2.66 × the mean moving range; 2.66 is 3 / 1.128, where 1.128 is the mean range of
two values of a normal law of deviation 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from common.numbers import Unit, quantity
from indicators.statistics import better


SCALE: Final = Decimal("2.66")
# A mean of moving ranges over n values is worth about 0.62 (n − 1) degrees of freedom, and the limits
# are uncertain by 1 / √(2 × that): 40 % with 6 values, 27 % with 12. Below 6 a limit says nothing;
# below 12 it is said to be provisional.
MIN_POINTS: Final = 6
FIRM_POINTS: Final = 12
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

    def is_near_limit(self, value: Decimal, *, above: bool) -> bool:
        """Tell whether the value is nearer to that natural limit than to the mean."""
        half = SCALE * self.moving_range / 2
        gap = value - self.mean if above else self.mean - value
        return half > 0 and gap > half


class Signal(StrEnum):
    """Wheeler's three ways of seeing that something changed."""

    OUTSIDE = "outside"
    NEAR_LIMIT = "near_limit"
    RUN = "run"


class Verdict(StrEnum):
    SIGNAL = "signal"
    NOISE = "noise"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Movement:
    """What the latest value means. ``is_better``: which way a signal goes, when somebody judges it."""

    verdict: Verdict
    signal: Signal | None
    is_better: bool | None
    limits: ControlLimits | None
    sentence: str


def control_limits(values: Sequence[Decimal | None], *, unit: str) -> ControlLimits | None:
    """Return the natural limits of values in order of time; ``None`` under ``MIN_POINTS`` of them.

    Missing values are skipped, and no moving range is taken across a gap. A limit beyond what the unit
    allows (under 0; above 100 % or 10/10) is no limit: that side is ``None``.
    """
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
        if value is not None and (signal := _signal_at(values, rank, limits)):
            found[rank] = signal
    return found


def signal_or_noise(
    history: Sequence[Decimal | None],
    latest: Decimal | None,
    *,
    unit: str,
    direction: str,
    decimals: int = 0,
) -> Movement:
    """Say in words whether ``latest`` differs from what ``history`` (oldest first) makes usual.

    The limits come from the history alone, so that a signal does not widen them.
    """
    limits = control_limits(history, unit=unit)
    if latest is None:
        text = "Pas de valeur pour cette période : rien à comparer."
        return Movement(Verdict.UNKNOWN, None, None, limits, text)
    if limits is None:
        n = sum(value is not None for value in history)
        return Movement(Verdict.UNKNOWN, None, None, None, _too_short(n))
    signal = _signal_at([*history, latest], len(history), limits)
    doubt = (
        f" Limites provisoires, calculées sur {limits.n} valeurs." if limits.is_provisional else ""
    )
    if signal is None:
        text = f"Ce mouvement reste dans la variation habituelle ({_usual(limits, unit)})."
        return Movement(Verdict.NOISE, None, None, limits, text + doubt)
    is_better = better(latest - limits.mean, direction)
    why = _reason(signal, latest, limits, unit, decimals)
    judged = {True: " C’est une amélioration.", False: " C’est une dégradation.", None: ""}[
        is_better
    ]
    text = f"Ce mouvement est un signal : {why}.{judged}{doubt}"
    return Movement(Verdict.SIGNAL, signal, is_better, limits, text)


def _signal_at(values: Sequence[Decimal | None], rank: int, limits: ControlLimits) -> Signal | None:
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


def _too_short(n: int) -> str:
    have = "aucune n’est connue" if n == 0 else f"{n} sont connues" if n > 1 else "une est connue"
    return (
        f"Trop tôt pour le dire : il faut {MIN_POINTS} valeurs avant celle-ci pour connaître la "
        f"variation habituelle, {have}."
    )


def _usual(limits: ControlLimits, unit: str) -> str:
    low, high = (
        None if side is None else quantity(side, unit, 1) for side in (limits.lower, limits.upper)
    )
    if low and high:
        return f"de {low} à {high}"
    if high:
        return f"jusqu’à {high}"
    return f"à partir de {low}" if low else "toutes les valeurs possibles"


def _reason(
    signal: Signal, latest: Decimal, limits: ControlLimits, unit: str, decimals: int
) -> str:
    above = latest > limits.mean
    side = "au-dessus" if above else "en dessous"
    if signal == Signal.RUN:
        return (
            f"{RUN} valeurs de suite sont {side} de la moyenne ({quantity(limits.mean, unit, 1)})"
        )
    if signal == Signal.NEAR_LIMIT:
        limit = "haute" if above else "basse"
        return f"3 des 4 dernières valeurs sont plus proches de la limite {limit} que de la moyenne"
    if limits.moving_range == 0:
        return f"la valeur n’avait jamais varié ({quantity(limits.mean, unit)})"
    shown = quantity(latest, unit, least=decimals)
    return f"{shown}, c’est {side} de la variation habituelle ({_usual(limits, unit)})"

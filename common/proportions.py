"""Proportions and the chance of the draw: intervals at 95 %. Pure; bounds are estimates, ``float``."""

from dataclasses import dataclass
from math import sqrt
from typing import Final


# Quantile of the normal law for a confidence of 95 %.
Z_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Proportion:
    """A proportion observed, with the bounds between which the truth lies 19 times out of 20."""

    value: float
    lower: float
    upper: float
    n: int


@dataclass(frozen=True, slots=True)
class ProportionChange:
    """The second proportion less the first, with the bounds of that difference."""

    value: float
    lower: float
    upper: float

    @property
    def is_proved(self) -> bool:
        """Tell whether the difference is more than the chance of the draw: zero is out of bounds."""
        return self.lower > 0 or self.upper < 0


def wilson(successes: float, n: int, z: float = Z_95) -> Proportion | None:
    """Return a proportion and its Wilson (1927) interval, without correction; ``None`` when n is 0.

    ``successes`` may be a fraction when only a rounded rate is known (52 % of 80 answers).
    ``ValueError`` unless 0 ≤ successes ≤ n.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} out of {n}")
    if n == 0:
        return None
    share = successes / n
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    middle = share + z * z / (2 * n)
    # At 0 and n the bound is exact: rounding must not push it beyond.
    lower = 0.0 if successes == 0 else (middle - spread) / scale
    upper = 1.0 if successes == n else (middle + spread) / scale
    return Proportion(share, lower, upper, n)


def newcombe(first: Proportion, second: Proportion) -> ProportionChange:
    """Return the difference of two independent proportions (Newcombe 1998, method 10)."""
    delta = second.value - first.value
    down = sqrt((second.value - second.lower) ** 2 + (first.upper - first.value) ** 2)
    up = sqrt((second.upper - second.value) ** 2 + (first.value - first.lower) ** 2)
    return ProportionChange(delta, delta - down, delta + up)

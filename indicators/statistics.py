"""Arithmetic of the figures: totals, targets, comparisons. Pure; control.py has the limits.

Values are ``Decimal`` in the unit of the indicator (a rate from 0 to 1), ``None`` when missing, and
nothing is rounded here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from common.numbers import Missing, difference, quantity
from indicators.enums import Direction, Standing


# --- Totals over services or periods ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """What one service (or period) brings. Without a denominator, a rate or a mean adds to nothing.

    ``missing``: why there is no figure, a value of ``common.numbers.Missing``.
    """

    label: str
    numerator: Decimal | None
    denominator: Decimal | None = None
    missing: str = Missing.NOT_MEASURED


@dataclass(frozen=True, slots=True)
class Lacking:
    """A part left out of a total, and why, in words."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A total: ``value`` is ``None`` when no part counts. ``n_parts`` were asked for."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    n_parts: int
    lacking: tuple[Lacking, ...]

    @property
    def is_partial(self) -> bool:
        return bool(self.lacking)

    def sentence(self, noun: str = "services") -> str:
        """Say what the total lacks: « Calculé sur 2 des 3 services. Manque : … »; empty if nothing."""
        counted = self.n_parts - len(self.lacking)
        if not self.lacking:
            return ""
        names = ", ".join(f"{part.label} ({part.reason})" for part in self.lacking)
        if not counted:
            return f"Aucun total : {names}."
        lead = "Manque" if len(self.lacking) == 1 else "Manquent"
        return f"Calculé sur {counted} des {self.n_parts} {noun}. {lead} : {names}."


def aggregate_ratio(parts: Sequence[Part]) -> Aggregate:
    """Return the rate (or mean) of the whole: numerators summed over denominators summed.

    Rates are never averaged: 1/1 and 0/9 make 10 %, not 50 %. A part with nothing to count (0 out of
    0) is left out as « sans objet ». ``ValueError`` when a denominator is negative.
    """
    kept: list[tuple[Decimal, Decimal]] = []
    lacking: list[Lacking] = []
    for part in parts:
        if part.denominator is not None and part.denominator < 0:
            raise ValueError(f"negative denominator: {part.label}")
        if part.numerator is None or part.denominator is None:
            lacking.append(Lacking(part.label, _why(part)))
        elif part.denominator == 0:
            lacking.append(Lacking(part.label, str(Missing.NOT_APPLICABLE.label)))
        else:
            kept.append((part.numerator, part.denominator))
    if not kept:
        return Aggregate(None, None, None, len(parts), tuple(lacking))
    numerator = sum((part[0] for part in kept), Decimal(0))
    denominator = sum((part[1] for part in kept), Decimal(0))
    return Aggregate(numerator / denominator, numerator, denominator, len(parts), tuple(lacking))


def aggregate_count(parts: Sequence[Part]) -> Aggregate:
    """Return the sum of counts; a missing part is said, and never counted as zero."""
    kept = [part.numerator for part in parts if part.numerator is not None]
    lacking = tuple(
        Lacking(part.label, str(Missing(part.missing).label))
        for part in parts
        if part.numerator is None
    )
    total = sum(kept, Decimal(0)) if kept else None
    return Aggregate(total, total, None, len(parts), lacking)


def _why(part: Part) -> str:
    if part.numerator is not None or part.denominator is not None:
        return "il manque le nombre de cas : un taux seul ne s’additionne pas"
    return str(Missing(part.missing).label)


# --- Against the target -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Goal:
    """What is aimed at: ``alert`` is the value from which one only watches, on the bad side.

    ``is_strict``: « moins de 10 % » is not reached by 10 %. ``ValueError`` when the alert stands on
    the good side of the target, or when the direction judges nothing.
    """

    target: Decimal
    direction: str
    alert: Decimal | None = None
    is_strict: bool = False

    def __post_init__(self) -> None:
        if Direction(self.direction) == Direction.NONE:
            raise ValueError("a target needs a direction")
        if self.alert is not None and self._gap(self.alert) > 0:
            raise ValueError("the alert threshold stands on the good side of the target")

    def is_reached(self, value: Decimal) -> bool:
        gap = self._gap(value)
        return gap > 0 if self.is_strict else gap >= 0

    def is_watched(self, value: Decimal) -> bool:
        """Tell whether a value short of the target is still on the good side of the alert."""
        return self.alert is not None and self._gap(value) >= self._gap(self.alert)

    def _gap(self, value: Decimal) -> Decimal:
        """Return by how much the value is better than the target (negative: worse)."""
        gap = value - self.target
        return gap if self.direction == Direction.UP else -gap


_WITHOUT_VALUE: Final[dict[str, Standing]] = {
    Missing.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
    Missing.PARTIAL: Standing.PARTIAL,
}


def standing(
    value: Decimal | None, goal: Goal | None, *, missing: str = Missing.NOT_MEASURED
) -> Standing:
    """Return where a figure stands. Exact values are compared, not those that are shown.

    With an alert threshold: reached, else watched up to the threshold (included), else missed.
    """
    if value is None:
        return _WITHOUT_VALUE.get(missing, Standing.NOT_MEASURED)
    if goal is None:
        return Standing.NO_TARGET
    if goal.is_reached(value):
        return Standing.MET
    return Standing.WATCH if goal.is_watched(value) else Standing.BELOW


# --- From one period to another -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between two periods: ``is_better`` is ``None`` when nothing moved or is judged."""

    delta: Decimal | None
    is_better: bool | None
    sentence: str


def change(
    value: Decimal | None,
    before: Decimal | None,
    *,
    unit: str,
    direction: str,
    since: str,
    decimals: int = 0,
) -> Change:
    """Compare with an earlier value; ``since`` names it (« à mars 2022 »).

    « +11 points par rapport à mars 2022 : c’est mieux. » A missing side is said, never taken as 0.
    """
    if value is None or before is None:
        which = "la valeur de cette période" if value is None else "celle d’avant"
        return Change(
            None, None, f"Pas de comparaison possible par rapport {since} : {which} manque."
        )
    delta = value - before
    text = difference(delta, unit)
    is_better = better(delta, direction)
    then = quantity(before, unit, least=decimals)
    if delta == 0 or text == "stable":
        return Change(delta, None, f"Stable par rapport {since} ({then}).")
    verdict = {True: " : c’est mieux.", False: " : c’est moins bien.", None: "."}[is_better]
    return Change(delta, is_better, f"{text} par rapport {since} ({then}){verdict}")


def better(delta: Decimal, direction: str) -> bool | None:
    """Tell whether a move goes the good way; ``None`` when it is no move or nobody judges it."""
    if delta == 0 or direction == Direction.NONE:
        return None
    return (delta > 0) == (direction == Direction.UP)


def year_before(period: str) -> str:
    """Return the same period last year: « 2021 » → « 2020 », « 2022-T1 » → « 2021-T1 ».

    Codes are those of the files: ``2021``, ``2022-S1``, ``2020-T1``, ``2021-01``.
    """
    year, dash, part = period.partition("-")
    return f"{int(year) - 1:04d}{dash}{part}"


def trend(values: Sequence[Decimal | None], *, unit: str, direction: str) -> str:
    """Say in words how the last values moved: « en hausse depuis 3 périodes : c’est mieux ».

    Only the unbroken run that ends the series is read: a missing value stops it. It describes; whether
    it means anything is the affair of ``control.signal_or_noise``. What no figure shows is no move.
    """
    latest: list[Decimal] = []
    for value in reversed(values):
        if value is None:
            break
        latest.append(value)
    moves = [newer - older for newer, older in zip(latest, latest[1:], strict=False)]
    if not moves:
        return "tendance inconnue : il faut deux périodes mesurées de suite"
    length = 0
    for move in moves:
        if difference(move, unit) == "stable" or (move > 0) != (moves[0] > 0):
            break
        length += 1
    if not length:
        return "stable"
    way = "en hausse" if moves[0] > 0 else "en baisse"
    span = "sur une période" if length == 1 else f"depuis {length} périodes"
    verdict = {True: " : c’est mieux", False: " : c’est moins bien", None: ""}
    return f"{way} {span}{verdict[better(moves[0], direction)]}"

"""What looks implausible in a figure, and which target holds on a day. Pure: no table, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from common.numbers import Unit, quantity, usual_range
from indicators.control import ControlLimits
from indicators.enums import Direction, TargetKind
from indicators.statistics import Goal
from indicators.stretches import stretches_of


# --- Plausibility -------------------------------------------------------------------------------


class Doubt(StrEnum):
    """Why a figure is doubted; kept with the reason of whoever confirms it."""

    NEGATIVE = "negative"
    NUMERATOR_ABOVE = "numerator_above_denominator"
    ABOVE_MAXIMUM = "above_maximum"
    NOT_THE_RATIO = "not_the_ratio"
    UNIT = "unit_suspected"
    OUTSIDE_HISTORY = "outside_history"


@dataclass(frozen=True, slots=True)
class Remark:
    """One doubt about a figure, in a French sentence that says what to check."""

    code: Doubt
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure as it was entered: ``value`` in the unit, ``history`` oldest first, without it."""

    unit: str
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    history: Sequence[Decimal | None] = ()


_MAXIMUM: Final[dict[str, Decimal]] = {Unit.PERCENT: Decimal(1), Unit.MARK10: Decimal(10)}
# How many times too large or too small a figure is when it was written in another unit.
_FACTORS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    Unit.PERCENT: ((100, "un taux écrit en points ou en fraction"),),
    Unit.MINUTES: ((60, "des secondes ou des heures au lieu de minutes"),),
    Unit.DAYS: ((24, "des heures au lieu de jours"), (7, "des semaines au lieu de jours")),
    Unit.WORKING_DAYS: ((24, "des heures au lieu de jours"), (5, "des semaines au lieu de jours")),
    Unit.COUNT: ((1000, "des milliers au lieu d’unités"),),
    Unit.MARK10: ((2, "une note sur 20 ou sur 5"), (10, "une note sur 100")),
}
# Half a point of a percentage, or the same share of any other unit: what rounding by hand explains.
_ROUNDING: Final = Decimal("0.005")


def doubts_about(entry: Entry) -> list[Remark]:
    """Return what looks wrong, the surest first; each may be confirmed with a reason.

    A figure in another unit is suspected only when it would be usual once converted; then nothing is
    said of history, which is the same remark. History speaks from ``control.MIN_POINTS`` values on, and
    since the last lasting change only.
    """
    known = stretches_of(entry.history, unit=entry.unit)[-1].limits
    found = [*_impossible(entry), *_not_the_ratio(entry)]
    if suspected := _other_unit(entry, known):
        return [suspected, *(item for item in found if item.code != Doubt.ABOVE_MAXIMUM)]
    if known and known.is_outside(entry.value):
        found.append(Remark(Doubt.OUTSIDE_HISTORY, _outside(entry, known)))
    return found


def _impossible(entry: Entry) -> list[Remark]:
    found = []
    if any(item is not None and item < 0 for item in (entry.value, entry.numerator)):
        text = "Une valeur négative n’a pas de sens ici : vérifiez le signe."
        found.append(Remark(Doubt.NEGATIVE, text))
    top, bottom = entry.numerator, entry.denominator
    if entry.unit == Unit.PERCENT and top is not None and bottom is not None and top > bottom:
        text = (
            f"Le numérateur ({quantity(top, Unit.COUNT)}) dépasse le dénominateur "
            f"({quantity(bottom, Unit.COUNT)}) : vérifiez qu’ils ne sont pas inversés."
        )
        found.append(Remark(Doubt.NUMERATOR_ABOVE, text))
    maximum = _MAXIMUM.get(entry.unit)
    if maximum is not None and entry.value > maximum:
        shown, most = quantity(entry.value, entry.unit), quantity(maximum, entry.unit)
        text = f"{shown} dépasse {most} : vérifiez la valeur."
        found.append(Remark(Doubt.ABOVE_MAXIMUM, text))
    return found


def _not_the_ratio(entry: Entry) -> list[Remark]:
    """Doubt a value that is not its numerator over its denominator, beyond what rounding explains."""
    if entry.numerator is None or not entry.denominator:
        return []
    ratio = entry.numerator / entry.denominator
    allowed = (
        _ROUNDING if entry.unit == Unit.PERCENT else max(abs(ratio), Decimal(1)) * _ROUNDING * 10
    )
    if abs(ratio - entry.value) <= allowed:
        return []
    text = (
        f"{quantity(entry.numerator, Unit.COUNT)} sur {quantity(entry.denominator, Unit.COUNT)} donne "
        f"{quantity(ratio, entry.unit)}, et non {quantity(entry.value, entry.unit)} : corrigez l’un "
        "des trois."
    )
    return [Remark(Doubt.NOT_THE_RATIO, text)]


def _other_unit(entry: Entry, known: ControlLimits | None) -> Remark | None:
    """Suspect a unit when the converted figure is usual, or, for a rate, the only possible one."""
    for factor, what in _FACTORS[Unit(entry.unit)]:
        for converted in (entry.value / factor, entry.value * factor):
            if _is_likelier(entry, converted, known):
                text = (
                    f"{quantity(entry.value, entry.unit)} : serait-ce {what} ? Vous vouliez peut-être "
                    f"écrire {quantity(converted, entry.unit)}."
                )
                return Remark(Doubt.UNIT, text)
    return None


def _is_likelier(entry: Entry, converted: Decimal, known: ControlLimits | None) -> bool:
    if converted == entry.value:
        return False
    if known is not None:
        return known.is_outside(entry.value) and not known.is_outside(converted)
    # Without history, 95 for a rate is 9 500 %: only the points that were typed make sense. From 2 on,
    # since 1.05 may as well be 105 %.
    return entry.unit == Unit.PERCENT and entry.value >= 2 and converted <= 1


def _outside(entry: Entry, known: ControlLimits) -> str:
    usual = usual_range(known.lower, known.upper, entry.unit)
    return (
        f"{quantity(entry.value, entry.unit)} sort de ce qui est habituel ({usual}, d’après "
        f"{known.n} valeurs) : vérifiez la valeur."
    )


# --- Targets ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DatedTarget:
    """A target or an alert threshold, in force from ``starts_on`` to ``ends_on`` (both included).

    ``is_strict``: the value itself does not reach it.
    """

    kind: str
    value: Decimal
    starts_on: date
    ends_on: date | None = None
    is_local: bool = False
    is_strict: bool = False

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


# What goes before the value of a target.
_LEADS: Final[dict[tuple[str, bool], str]] = {
    (Direction.UP, False): "au moins",
    (Direction.UP, True): "plus de",
    (Direction.DOWN, False): "au plus",
    (Direction.DOWN, True): "moins de",
}


@dataclass(frozen=True, slots=True)
class TargetsInForce:
    """The targets of a day: the local one is applied, the national one is still shown."""

    target: DatedTarget | None
    national_target: DatedTarget | None
    alert: DatedTarget | None
    national_alert: DatedTarget | None

    def goal(self, direction: str) -> Goal | None:
        """Return what the figure is judged by; ``None`` without a target or a direction.

        An alert on the good side of the target (a local target under the national alert) judges
        nothing: it is left out.
        """
        if self.target is None or direction == Direction.NONE:
            return None
        alert = self.alert.value if self.alert else None
        if alert is not None:
            gap = alert - self.target.value
            if (gap if direction == Direction.UP else -gap) > 0:
                alert = None
        return Goal(self.target.value, direction, alert, self.target.is_strict)


def beyond_reach(value: Decimal, unit: str) -> str:
    """Say why nobody can aim at a value of this unit: negative, above 100 %; empty when one can."""
    if value < 0:
        return "Une cible ou un seuil n’est jamais négatif : vérifiez le signe."
    maximum = _MAXIMUM.get(unit)
    if maximum is None or value <= maximum:
        return ""
    return (
        f"{quantity(value, unit)} dépasse {quantity(maximum, unit)} : aucune mesure ne l’atteindra. "
        "Vérifiez la valeur."
    )


def target_words(target: DatedTarget, unit: str, direction: str) -> str:
    """Return « au moins 85 % », « moins de 10 % »; the bare figure when nobody can say which way."""
    lead = _LEADS.get((direction, target.is_strict), "")
    return f"{lead} {quantity(target.value, unit)}".strip()


def targets_on(rows: Sequence[DatedTarget], day: date) -> TargetsInForce:
    """Return the targets and alerts in force on a day.

    Of two rows of one level, the one that began last holds.
    """
    local_target, national_target = _in_force(rows, TargetKind.TARGET, day)
    local_alert, national_alert = _in_force(rows, TargetKind.ALERT, day)
    return TargetsInForce(
        local_target or national_target,
        national_target,
        local_alert or national_alert,
        national_alert,
    )


def _in_force(
    rows: Sequence[DatedTarget], kind: str, day: date
) -> tuple[DatedTarget | None, DatedTarget | None]:
    """Return the (local, national) row of a kind in force on a day."""
    held = sorted(
        (row for row in rows if row.kind == kind and row.holds_on(day)),
        key=lambda row: row.starts_on,
    )
    local = [row for row in held if row.is_local]
    national = [row for row in held if not row.is_local]
    return (local[-1] if local else None), (national[-1] if national else None)

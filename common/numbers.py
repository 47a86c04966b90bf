"""How a figure is written, everywhere: « 95,16 % », « 12 jours ouvrés », « +11 points ». Pure.

A rate is a ``Decimal`` from 0 to 1 and becomes a percentage here only. A missing figure is ``None``,
never 0, and is written with its reason. Rounding is done by ``typography.number_in_words`` alone.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from django.db import models

from common.typography import MINUS, NBSP, number_in_words


Number = Decimal | int | float


class Unit(models.TextChoices):
    """What a figure counts. Values of ``PERCENT`` are rates (0–1), of ``MARK10`` marks out of 10."""

    PERCENT = "percent", "%"
    DAYS = "days", "jours"
    WORKING_DAYS = "working_days", "jours ouvrés"
    MINUTES = "minutes", "minutes"
    COUNT = "count", "nombre"
    MARK10 = "mark10", "note sur 10"


class Missing(models.TextChoices):
    """Why there is no figure: four reasons that never stand for one another, nor for 0."""

    NOT_MEASURED = "not_measured", "non mesuré"
    NOT_APPLICABLE = "not_applicable", "sans objet"
    TOO_FEW = "too_few", "effectif trop faible"
    PARTIAL = "partial", "données incomplètes"


# Decimals shown unless the caller says otherwise: the most, trailing zeros are left out.
PLACES: Final[dict[Unit, int]] = {
    Unit.PERCENT: 2,
    Unit.DAYS: 1,
    Unit.WORKING_DAYS: 1,
    Unit.MINUTES: 1,
    Unit.COUNT: 1,
    Unit.MARK10: 1,
}
# After a value of 2 or more, then below (French: « 1,5 jour », « 2 jours »).
_WORDS: Final[dict[Unit, tuple[str, str]]] = {
    Unit.DAYS: ("jours", "jour"),
    Unit.WORKING_DAYS: (f"jours{NBSP}ouvrés", f"jour{NBSP}ouvré"),
    Unit.MINUTES: ("minutes", "minute"),
    Unit.MARK10: ("points", "point"),
}


def number(
    value: Number | None, places: int | None = None, *, fixed: bool = False, least: int = 0
) -> str:
    """Return « 1 234,5 »; « non mesuré » for ``None``.

    ``places``: the most decimals, rounded half up; ``fixed`` keeps the trailing zeros, so that the
    figures of a column stand under one another. ``least``: the fewest decimals, zeros included.
    """
    if value is None:
        return str(Missing.NOT_MEASURED.label)
    text = number_in_words(value, None if places is None else max(places, least))
    if not fixed and (least or "," in text):
        whole, _, decimals = text.partition(",")
        decimals = decimals.rstrip("0").ljust(least, "0")
        text = f"{whole},{decimals}" if decimals else whole
    # « −0 » once the decimals are gone.
    return "0" if text == f"{MINUS}0" else text


def percent(rate: Number | None, places: int = 2, *, fixed: bool = False, least: int = 0) -> str:
    """Return « 95,16 % » for a rate of 0.9516; « non mesuré » for ``None``."""
    if rate is None:
        return number(None)
    return f"{number(_points(rate), places, fixed=fixed, least=least)}{NBSP}%"


def quantity(
    value: Number | None,
    unit: str,
    places: int | None = None,
    *,
    fixed: bool = False,
    least: int = 0,
    missing: str = Missing.NOT_MEASURED,
) -> str:
    """Return a figure with its unit: « 95,16 % », « 12 jours ouvrés », « 6,7/10 », « 1 234 ».

    ``unit``: a value of ``Unit`` (``ValueError`` otherwise). ``places``: see ``PLACES``. ``least``:
    the fewest decimals, those of a definition: « 95,0 % ».
    ``missing``: the reason written for ``None``, a value of ``Missing``.
    """
    unit = Unit(unit)
    if value is None:
        return str(Missing(missing).label)
    places = PLACES[unit] if places is None else places
    if unit == Unit.PERCENT:
        return percent(value, places, fixed=fixed, least=least)
    text = number(value, places, fixed=fixed, least=least)
    if unit == Unit.COUNT:
        return text
    if unit == Unit.MARK10:
        return f"{text}/10"
    return f"{text}{NBSP}{_word(unit, text)}"


def bare_quantity(
    value: Number | None,
    unit: str,
    places: int | None = None,
    *,
    fixed: bool = False,
    least: int = 0,
) -> str:
    """Return the figure without its unit, for a column whose head says it: « 95,16 », « 12 »."""
    unit = Unit(unit)
    places = PLACES[unit] if places is None else places
    shown = _points(value) if unit == Unit.PERCENT and value is not None else value
    return number(shown, places, fixed=fixed, least=least)


def difference(delta: Number | None, unit: str, places: int | None = None) -> str:
    """Return a signed difference: « +11 points », « −2 jours »; « stable » when nothing shows.

    ``delta`` in the unit itself (a rate: 0.11 is eleven points). ``None``: « non mesuré ».
    """
    unit = Unit(unit)
    if delta is None:
        return number(None)
    places = PLACES[unit] if places is None else places
    text = number(_points(delta) if unit == Unit.PERCENT else delta, places)
    if text == "0":
        return "stable"
    signed = text if text.startswith(MINUS) else f"+{text}"
    if unit == Unit.COUNT:
        return signed
    return f"{signed}{NBSP}{_word(Unit.MARK10 if unit == Unit.PERCENT else unit, text)}"


def usual_range(lower: Number | None, upper: Number | None, unit: str, least: int = 0) -> str:
    """Return « de 4,7 jours à 15,3 jours », « jusqu’à 40 », « à partir de 29 »; empty without limits.

    ``least``: the decimals of a definition. A count without decimals keeps the whole numbers that are
    inside: from 28.3 to 40.1, « de 29 à 40 ».
    """
    places = max(1, least)
    if Unit(unit) == Unit.COUNT and not least:
        lower, upper = _whole_inside(lower, upper)
        places = 0
    low, high = (
        None if side is None else quantity(side, unit, places, least=least)
        for side in (lower, upper)
    )
    if low and high:
        return f"de {low} à {high}"
    if high:
        return f"jusqu’à {high}"
    return f"à partir de {low}" if low else ""


def as_shown(value: Number, unit: str) -> Decimal:
    """Return the value as it is drawn on an axis: points for a rate, the value itself otherwise."""
    return _points(value) if Unit(unit) == Unit.PERCENT else _exact(value)


def _exact(value: Number) -> Decimal:
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def _whole_inside(
    lower: Number | None, upper: Number | None
) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the greatest whole number between two limits; those around, if none is."""
    sides = [None if side is None else _exact(side) for side in (lower, upper)]
    for roundings in ((ROUND_CEILING, ROUND_FLOOR), (ROUND_FLOOR, ROUND_CEILING)):
        low, high = (
            None if side is None else side.to_integral_value(rounding)
            for side, rounding in zip(sides, roundings, strict=True)
        )
        if low is None or high is None or low <= high:
            break
    return low, high


def _points(rate: Number) -> Decimal:
    return _exact(rate) * 100


def _word(unit: Unit, text: str) -> str:
    """Choose singular or plural by what is read, not by what is hidden behind the rounding."""
    whole = text.lstrip(MINUS).replace(NBSP, "").split(",")[0]
    many, one = _WORDS[unit]
    return many if int(whole) >= 2 else one

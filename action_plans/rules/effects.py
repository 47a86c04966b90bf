"""What a change of a measure allows to say: pure arithmetic and French sentences, no clock, no rows.

A rate is a number from 0 to 1. Nothing is « établi » without the number of answers behind both
rates: chance alone moves a rate, and an average typed without its dispersion says nothing of it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from action_plans.enums import Direction, EffectOutcome, MeasureUnit
from common.proportions import Proportion, ProportionChange, newcombe, wilson
from common.typography import date_in_words, french_spaces, number_in_words


CAUTION = "C’est une association, pas une preuve : d’autres causes ont pu jouer."
_WORDS = {
    MeasureUnit.PERCENT: "%",
    MeasureUnit.DAYS: "jours",
    MeasureUnit.WORKING_DAYS: "jours ouvrés",
    MeasureUnit.MINUTES: "minutes",
    MeasureUnit.COUNT: "",
    MeasureUnit.MARK10: "sur 10",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One value, in the unit of its measure; ``size`` is the number of answers behind a rate."""

    value: Decimal
    on: date | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is kept of a reading: its outcome and the sentence that is shown."""

    outcome: EffectOutcome
    sentence: str


def value_in_words(value: Decimal, unit: MeasureUnit) -> str:
    """Return « 52 % », « 12,5 jours », « 8 sur 10 », « 40 ».

    >>> value_in_words(Decimal("0.52"), MeasureUnit.PERCENT)
    '52\\xa0%'
    """
    shown = value * 100 if unit == MeasureUnit.PERCENT else value
    return french_spaces(f"{_plain(shown)} {_WORDS[unit]}".strip())


def change_in_words(change: Decimal, unit: MeasureUnit) -> str:
    """Return « +11 points », « −3 jours »: a change of a rate is told in points."""
    size = abs(change * 100 if unit == MeasureUnit.PERCENT else change)
    word = "points" if unit in {MeasureUnit.PERCENT, MeasureUnit.MARK10} else _WORDS[unit]
    if size < 2:
        word = {"points": "point", "jours": "jour", "minutes": "minute"}.get(word, word)
        word = "jour ouvré" if word == "jours ouvrés" else word
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return french_spaces(f"{sign}{_plain(size)} {word}".strip())


def difference_interval(before: Point, after: Point) -> ProportionChange | None:
    """Return how much a rate changed, with its bounds at 95 %.

    ``None`` when a number of answers is not known, or when a rate is not between 0 and 1.
    """
    first, second = _proportion(before), _proportion(after)
    return newcombe(first, second) if first and second else None


def _proportion(point: Point) -> Proportion | None:
    if not point.size or not 0 <= point.value <= 1:
        return None
    return wilson(float(point.value * point.size), point.size)


def conclude(
    *,
    before: Point | None,
    after: Point,
    unit: MeasureUnit,
    direction: Direction,
    target: Decimal | None = None,
    done_on: date | None = None,
) -> Conclusion:
    """Say what the change allows to say; ``done_on`` is the day when the action was done."""
    told = [_moved(before, after, unit)]
    interval = None
    if before is None:
        told.append("Sans valeur de départ, rien ne se compare.")
    elif unit == MeasureUnit.PERCENT:
        interval = difference_interval(before, after)
        told.append(_established(interval, before, after, direction))
    else:
        told.append(_which_way(before, after, direction))
    if target is not None:
        told.append(_against_target(after.value, target, unit, direction))
    if done_on is not None and after.on is not None and after.on < done_on:
        told.append("Cette valeur date d’avant la fin de l’action.")
    if before is not None:
        told.append(CAUTION)
    return Conclusion(outcome_of(interval, direction), french_spaces(" ".join(told)))


def outcome_of(interval: ProportionChange | None, direction: Direction) -> EffectOutcome:
    """Return « établi » only when the whole interval lies on one side of zero."""
    if interval is None or not interval.is_proved:
        return EffectOutcome.UNPROVEN
    is_better = (interval.lower > 0) == (direction == Direction.UP)
    return EffectOutcome.PROGRESS if is_better else EffectOutcome.REGRESSION


def _moved(before: Point | None, after: Point, unit: MeasureUnit) -> str:
    if before is None:
        return f"{_told(after, unit)}."
    change = after.value - before.value
    moved = f"soit {change_in_words(change, unit)}" if change else "sans changement"
    return f"{_told(before, unit)}, puis {_told(after, unit)} : {moved}."


def _told(point: Point, unit: MeasureUnit) -> str:
    day = f" le {date_in_words(point.on)}" if point.on else ""
    size = f" ({number_in_words(point.size)} réponses)" if point.size else ""
    return f"{value_in_words(point.value, unit)}{day}{size}"


def _established(
    interval: ProportionChange | None, before: Point, after: Point, direction: Direction
) -> str:
    if interval is None:
        return (
            f"{_which_way(before, after, direction)} Faute de connaître le nombre de réponses, on ne "
            "sait pas si l’écart dépasse le hasard."
        )
    bounds = f"de {_points(interval.lower)} à {_points(interval.upper)} points"
    said = {
        EffectOutcome.PROGRESS: "progrès établi",
        EffectOutcome.REGRESSION: "recul établi",
    }.get(outcome_of(interval, direction), "évolution non établie, le hasard peut l’expliquer")
    return f"Intervalle de confiance à 95 % : {bounds} ; {said}."


def _which_way(before: Point, after: Point, direction: Direction) -> str:
    if after.value == before.value:
        return "La mesure n’a pas bougé."
    is_better = (after.value > before.value) == (direction == Direction.UP)
    return "L’écart va dans le bon sens." if is_better else "L’écart va dans le mauvais sens."


def _against_target(
    value: Decimal, target: Decimal, unit: MeasureUnit, direction: Direction
) -> str:
    is_met = value >= target if direction == Direction.UP else value <= target
    said = "est atteinte" if is_met else "n’est pas atteinte"
    return f"La cible ({value_in_words(target, unit)}) {said}."


def _points(share: float) -> str:
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{_plain(Decimal(abs(share) * 100))}"


def _plain(value: Decimal) -> str:
    """Write at most one decimal place, none when it is zero."""
    rounded = round(value, 1)
    return number_in_words(int(rounded) if rounded == int(rounded) else rounded)

"""Figures of several préfectures side by side, and what may be added up of them. Pure.

A total holds figures of one period only, real ones, complete ones: what it leaves out is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.text import slugify

from indicators.enums import Aggregation, Direction, Standing
from indicators.rules import DatedTarget, targets_on
from indicators.series import Nature, PeriodFigure
from indicators.statistics import Part, aggregate_count, aggregate_ratio, standing


# Under thirty cases, one case more or less moves a rate by more than three points.
SMALL: Final = 30


@dataclass(frozen=True, slots=True)
class PrefectureLine:
    """One figure of one préfecture; ``place`` is empty for the whole of it.

    ``target``: the national one in force on the last day of the period, ``aim`` in words.
    ``sources``: where the figure comes from, without the name of a person.
    """

    prefecture: str
    place: str
    figure: PeriodFigure
    target: DatedTarget | None
    standing: Standing
    sources: tuple[str, ...] = ()
    aim: str = ""

    @property
    def label(self) -> str:
        return f"{self.prefecture}, {self.place}" if self.place else self.prefecture

    @property
    def is_small(self) -> bool:
        bottom = self.figure.denominator
        return bottom is not None and bottom < SMALL


@dataclass(frozen=True, slots=True)
class Whole:
    """What the préfectures make together; ``value`` in the unit, ``None`` without a total.

    ``sentence`` says on how many préfectures it rests and what it leaves out, or why there is none.
    """

    value: Decimal | None
    sentence: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def judged(
    figure: PeriodFigure, national: Sequence[DatedTarget], direction: str
) -> tuple[DatedTarget | None, Standing]:
    """Return the national target of the period of a figure, and where the figure stands."""
    held = targets_on(national, figure.period.end)
    goal = held.goal(direction)
    return held.national_target, standing(figure.value, goal, missing=figure.missing)


def by_name(lines: Sequence[PrefectureLine]) -> list[PrefectureLine]:
    """Return the lines in the order of the names, accents apart."""
    return sorted(lines, key=lambda line: (slugify(line.prefecture), slugify(line.place)))


def by_value(lines: Sequence[PrefectureLine], direction: str) -> list[PrefectureLine]:
    """Return the lines from the best value (the highest when nobody judges), missing ones last."""
    sign = 1 if direction == Direction.DOWN else -1
    return sorted(
        by_name(lines),
        key=lambda line: (line.figure.value is None, sign * (line.figure.value or Decimal(0))),
    )


def whole_of(lines: Sequence[PrefectureLine], nature: Nature, prefectures: int) -> Whole:
    """Return the total of the lines; ``prefectures``: how many the installation has."""
    known = [line for line in lines if line.figure.value is not None]
    if len(known) < 2:
        return Whole(None, "")
    if nature.aggregation == Aggregation.NONE:
        return Whole(None, "Ces chiffres ne s’additionnent pas : lisez-les un par un.")
    if len({line.figure.period for line in known}) > 1:
        return Whole(
            None,
            "Pas d’ensemble : les périodes diffèrent d’une préfecture à l’autre. "
            "Choisissez une période.",
        )
    is_sum = nature.aggregation == Aggregation.SUM
    reasons = [(line.label, _left_out(line, is_sum=is_sum)) for line in known]
    kept = [line for line, (_, why) in zip(known, reasons, strict=True) if not why]
    left = ", ".join(f"{label} ({why})" for label, why in reasons if why)
    if len(kept) < 2:
        return Whole(None, f"Pas d’ensemble : il faut deux chiffres à réunir. Écartés : {left}.")
    parts = [_part(line, is_sum=is_sum) for line in kept]
    total = aggregate_count(parts) if is_sum else aggregate_ratio(parts)
    count = len({line.prefecture for line in kept})
    noun = "préfecture" if count == 1 else "préfectures"
    said = f"Calculé sur {count} {noun} sur {prefectures}."
    if left:
        said += f" {'Écarté' if len(known) - len(kept) == 1 else 'Écartés'} : {left}."
    if total.denominator is not None and total.denominator < SMALL:
        said += " Petit effectif : à lire avec prudence."
    numerator = None if is_sum else total.numerator
    return Whole(total.value, said, numerator, total.denominator)


def _left_out(line: PrefectureLine, *, is_sum: bool) -> str:
    """Return why a figure enters no total; empty when it does."""
    figure = line.figure
    if figure.is_sample:
        return "démonstration"
    if figure.gap:
        return "total incomplet"
    if not is_sum and (figure.numerator is None or not figure.denominator):
        return "il manque le nombre de cas"
    return ""


def _part(line: PrefectureLine, *, is_sum: bool) -> Part:
    figure = line.figure
    return Part(line.label, figure.value if is_sum else figure.numerator, figure.denominator)

"""Since when the level of a series holds, and what moved, in words. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from common.numbers import quantity
from indicators.period_words import during, named
from indicators.series import PeriodFigure
from indicators.statistics import better
from indicators.stretches import Cause, Stretch


def level_words(
    series: Sequence[PeriodFigure], stretches: Sequence[Stretch], *, unit: str, direction: str
) -> str:
    """Say since when the limits hold and what moved; empty before there are any, and nothing changed.

    « Depuis avril 2021, le niveau est passé d’environ 78 % à environ 91 % : c’est mieux. »
    ``series``: the figures that ``stretches`` cut.
    """
    current = stretches[-1]
    if current.cause == Cause.RULE:
        when = during(series[current.start].period)
        return (
            f"La règle de comptage a changé {when} : seuls les chiffres comptés depuis font la "
            "variation habituelle."
        )
    if current.cause == Cause.LEVEL:
        return _change_words(series, stretches, unit, direction)
    if current.limits is None:
        return ""
    first = next(item.period for item in series if item.value is not None)
    return (
        f"Aucun changement durable depuis {named(first)} : la variation habituelle est celle des "
        f"{current.limits.n} valeurs qui précèdent la dernière."
    )


def change_words(before: Stretch, item: Stretch, unit: str) -> str:
    """Say what a new stretch brings, for the row of its first period."""
    if item.cause == Cause.RULE:
        return "règle de comptage changée"
    return f"nouveau niveau : environ {_levels(before, item, unit)[1]}"


def levels_in_words(stretches: Sequence[Stretch], unit: str) -> list[str]:
    """Return the mean of each stretch that has limits, as precisely as the least change calls for."""
    means = [item.limits.mean for item in stretches if item.limits]
    gaps = [abs(new - old) for old, new in zip(means, means[1:], strict=False)]
    gap = min(filter(None, gaps), default=Decimal(0))
    return [_about(mean, gap, unit) for mean in means]


def _change_words(
    series: Sequence[PeriodFigure], stretches: Sequence[Stretch], unit: str, direction: str
) -> str:
    before, current = stretches[-2:]
    old, new = _levels(before, current, unit)
    means = [item.limits.mean for item in (before, current) if item.limits]
    verdict = {True: " : c’est mieux", False: " : c’est moins bien", None: ""}
    said = (
        f"Depuis {named(series[current.start].period)}, le niveau est passé d’environ {old} à "
        f"environ {new}{verdict[better(means[-1] - means[0], direction)]}."
    )
    count = sum(item.cause == Cause.LEVEL for item in stretches)
    if count > 1:
        said += f" C’est le {count}e changement durable depuis {named(series[0].period)}."
    return f"{said} La variation habituelle est calculée depuis."


def _levels(before: Stretch, current: Stretch, unit: str) -> tuple[str, str]:
    """Return the levels on both sides of a lasting change, which both have limits."""
    old, new = (item.limits.mean if item.limits else Decimal(0) for item in (before, current))
    return _about(old, new - old, unit), _about(new, new - old, unit)


def _about(mean: Decimal, gap: Decimal, unit: str) -> str:
    """Write a level as precisely as the gap to the next one calls for: 78 % for a gap of 13 points.

    Rounded to a power of ten under a third of the gap, and to two figures at least.
    """
    if gap and mean:
        step = Decimal(1).scaleb(min((abs(gap) / 3).adjusted(), mean.adjusted() - 1))
        return quantity((mean / step).quantize(Decimal(1)) * step, unit)
    return quantity(mean, unit, 1)

"""What a series says: its latest figure against the target, the last one, last year. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.numbers import Missing, quantity
from indicators.enums import Standing
from indicators.levels import level_words
from indicators.movements import Movement, Verdict, signal_or_noise
from indicators.period_words import during, since
from indicators.rules import DatedTarget, TargetsInForce, target_words, targets_on
from indicators.series import PeriodFigure
from indicators.statistics import Change, change, standing, trend


@dataclass(frozen=True, slots=True)
class Reading:
    """One series, read. ``latest`` is the last figure that has a value; ``due`` the last one expected.

    ``before`` and ``year_ago``: the figures of the period before and of the same one last year,
    ``None`` when the series does not hold them. ``level``: since when the limits of the movement hold
    and what moved.
    """

    unit: str
    direction: str
    due: PeriodFigure
    latest: PeriodFigure | None
    before: PeriodFigure | None
    year_ago: PeriodFigure | None
    targets: TargetsInForce
    standing: Standing
    trend: str
    movement: Movement
    level: str

    @property
    def is_late(self) -> bool:
        """Whether the last period expected has no figure, though one was owed."""
        return self.due.value is None and self.due.missing != Missing.NOT_APPLICABLE

    @property
    def is_weak(self) -> bool:
        return self.standing in {Standing.BELOW, Standing.WATCH} or self.is_bad_signal

    @property
    def is_strong(self) -> bool:
        return not self.is_weak and (self.standing == Standing.MET or self.is_good_signal)

    @property
    def is_bad_signal(self) -> bool:
        return self.movement.verdict == Verdict.SIGNAL and self.movement.is_better is False

    @property
    def is_good_signal(self) -> bool:
        return self.movement.verdict == Verdict.SIGNAL and self.movement.is_better is True

    @property
    def target_words(self) -> str:
        """« au moins 85 % »; empty without a target."""
        return goal_words(self.targets, self.unit, self.direction)

    @property
    def since_before(self) -> Change:
        return self._change(self.before)

    @property
    def since_last_year(self) -> Change:
        return self._change(self.year_ago)

    @property
    def sentence(self) -> str:
        """Return the conclusion: figure, period, target, and how it moved."""
        if self.latest is None:
            reason = Missing(self.due.missing).label
            return f"Aucun chiffre jusqu’ici : {reason} {during(self.due.period)}."
        said = f"{self.latest.shown} {during(self.latest.period)}{self._judged()}."
        moves = [
            item.sentence
            for item in (self.since_before, self.since_last_year)
            if item.delta is not None
        ]
        return " ".join([said, *moves])

    def _judged(self) -> str:
        target = self.targets.target
        if target is None or self.standing == Standing.NO_TARGET:
            return " ; aucune cible n’est fixée"
        words = f"la cible ({self.target_words}) "
        if self.standing == Standing.MET:
            return f" : {words}est atteinte"
        if self.standing == Standing.WATCH and self.targets.alert is not None:
            alert = quantity(self.targets.alert.value, self.unit)
            return f" : {words}n’est pas atteinte, mais le seuil d’alerte ({alert}) est tenu"
        return f" : {words}n’est pas atteinte"

    def _change(self, other: PeriodFigure | None) -> Change:
        latest = self.latest
        return change(
            latest.value if latest else None,
            other.value if other else None,
            unit=self.unit,
            direction=self.direction,
            decimals=self.due.decimals,
            since=since(other.period) if other else "à la période d’avant",
        )


def read_series(
    series: Sequence[PeriodFigure],
    targets: Sequence[DatedTarget],
    *,
    unit: str,
    direction: str,
    rules: Sequence[date] = (),
) -> Reading:
    """Read figures in order of time, without a hole; the last one is the period expected.

    Targets are those in force on the last day of the period that is judged. ``rules``: the days on
    which the counting rule changed.
    """
    due = series[-1]
    rank = next((n for n in reversed(range(len(series))) if series[n].value is not None), None)
    latest = None if rank is None else series[rank]
    by_period = {item.period: item for item in series}
    held = targets_on(targets, (latest or due).period.end)
    values = [item.value for item in (series if rank is None else series[: rank + 1])]
    movement = signal_or_noise(
        values[:-1],
        latest.value if latest else None,
        unit=unit,
        direction=direction,
        decimals=due.decimals,
        rules=rule_ranks(series, rules),
    )
    return Reading(
        unit=unit,
        direction=direction,
        due=due,
        latest=latest,
        before=series[rank - 1] if rank else None,
        year_ago=by_period.get(latest.period.same_last_year()) if latest else None,
        targets=held,
        standing=standing(
            latest.value if latest else None, held.goal(direction), missing=due.missing
        ),
        trend=trend(values, unit=unit, direction=direction),
        movement=movement,
        level=level_words(series, movement.stretches, unit=unit, direction=direction),
    )


def rule_ranks(series: Sequence[PeriodFigure], rules: Sequence[date]) -> list[int]:
    """Return the ranks of the periods that hold or follow each day, when one came before."""
    found = []
    for day in rules:
        rank = sum(item.period.end < day for item in series)
        if 0 < rank < len(series):
            found.append(rank)
    return found


def goal_words(targets: TargetsInForce, unit: str, direction: str) -> str:
    """Return the target in force in words: « au plus 10 % »; empty without one."""
    return target_words(targets.target, unit, direction) if targets.target else ""

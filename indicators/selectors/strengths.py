"""Reads of the strong and weak points of a period, ready for the committee."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import Scope
from accounts.models import Prefecture
from action_plans.selectors.signals import OpenedActions
from indicators.conclusions import Reading, read_series
from indicators.enums import Standing
from indicators.models import Commentary, Indicator, Target
from indicators.movements import Movement, Verdict
from indicators.period_words import during
from indicators.reading.periods import Kind, Period
from indicators.references import FigureReference
from indicators.rules import DatedTarget
from indicators.selectors.catalogue import targets_by_indicator
from indicators.selectors.definitions import rule_days
from indicators.selectors.figures import (
    books_for,
    figures_of,
    figures_of_prefecture,
    last_day_known,
    series_until,
)
from indicators.selectors.opened_actions import opened_actions
from indicators.series import Book, PeriodFigure, last_ended, moved, periods_between


_SEVERITY = (Standing.BELOW, Standing.WATCH)


@dataclass(frozen=True, slots=True)
class PointOfPeriod:
    """One indicator in the period; ``movement`` is that of its last figure inside the period."""

    indicator: Indicator
    reading: Reading
    movement: Movement | None
    moved_in: Period | None
    commentary: Commentary | None
    opened: OpenedActions | None = None

    @property
    def figure(self) -> PeriodFigure:
        return self.reading.due

    @property
    def reference(self) -> FigureReference:
        """How the action plan names this figure: the period of its last point, else the one shown."""
        return FigureReference(self.indicator.code, self.moved_in or self.figure.period)

    @property
    def is_bad_signal(self) -> bool:
        return self._signal() is False

    @property
    def is_good_signal(self) -> bool:
        return self._signal() is True

    @property
    def is_weak(self) -> bool:
        return self.reading.standing in _SEVERITY or self.is_bad_signal

    @property
    def is_strong(self) -> bool:
        return not self.is_weak and (self.reading.standing == Standing.MET or self.is_good_signal)

    @property
    def why(self) -> str:
        """What makes the point weak or strong, when it is not the target."""
        if self.movement is None or self.moved_in is None or self._signal() is None:
            return ""
        if self.moved_in == self.figure.period:
            return self.movement.sentence
        when = during(self.moved_in)
        return f"{when[0].upper()}{when[1:]} : {_lower(self.movement.sentence)}"

    @property
    def is_answered(self) -> bool:
        return bool(self.commentary and self.commentary.answer)

    def _signal(self) -> bool | None:
        if self.movement is None or self.movement.verdict != Verdict.SIGNAL:
            return None
        return self.movement.is_better


@dataclass(frozen=True, slots=True)
class Strengths:
    """The points of a period: weak, strong, without judgement, and what is missing."""

    period: Period
    weak: Sequence[PointOfPeriod]
    strong: Sequence[PointOfPeriod]
    others: Sequence[PointOfPeriod]
    missing: Sequence[PointOfPeriod]

    @property
    def measured_count(self) -> int:
        return len(self.weak) + len(self.strong) + len(self.others)

    @property
    def unanswered_count(self) -> int:
        return sum(not point.is_answered for point in self.weak)

    @property
    def has_samples(self) -> bool:
        return any(
            point.figure.is_sample
            for points in (self.weak, self.strong, self.others)
            for point in points
        )

    @property
    def conclusion(self) -> str:
        """« 3 points faibles et 5 points forts au 1er trimestre 2022, sur 10 indicateurs mesurés. »"""
        if not self.measured_count:
            return f"Aucun indicateur n’a de chiffre {during(self.period)}."
        weak, strong = (
            _counted(len(self.weak), "point faible"),
            _counted(len(self.strong), "point fort"),
        )
        measured = _counted(self.measured_count, "indicateur mesuré")
        said = f"{weak[0].upper()}{weak[1:]} et {strong} {during(self.period)}, sur {measured}."
        if self.missing:
            verb = "n’a" if len(self.missing) == 1 else "n’ont"
            said += f" {_counted(len(self.missing), 'indicateur')} {verb} pas de chiffre."
        if self.unanswered_count:
            verb = "n’a" if self.unanswered_count == 1 else "n’ont"
            said += (
                f" {_counted(self.unanswered_count, 'point faible')} {verb} pas encore de réponse."
            )
        return said


def strengths_of(
    period: Period,
    *,
    indicators: Sequence[Indicator],
    measures: QuerySet[Any],
    targets: Mapping[int, Sequence[DatedTarget]],
    commentaries: QuerySet[Any],
) -> Strengths:
    """Return the points of a period (4 queries). Indicators measured less often are left out."""
    books = books_for(indicators, measures, period.end)
    rules = rule_days(books)
    said = {
        row.indicator_id: row
        for row in commentaries.filter(period=period.code).select_related("written_by")
    }
    weak: list[PointOfPeriod] = []
    strong: list[PointOfPeriod] = []
    others: list[PointOfPeriod] = []
    missing: list[PointOfPeriod] = []
    for indicator in indicators:
        point = _point(period, indicator, books[indicator.pk], targets, rules)
        point = replace(point, commentary=said.get(indicator.pk))
        if point.figure.value is not None:
            (weak if point.is_weak else strong if point.is_strong else others).append(point)
        elif _is_owed(period, indicator, point):
            missing.append(point)
    weak.sort(key=lambda item: _rank(item.reading.standing))
    return Strengths(period, weak, strong, others, missing)


def strengths_for(scope: Scope, period: Period, today: date) -> Strengths:
    """Return the points of a period as this scope reads them (6 queries)."""
    indicators = list(Indicator.objects.visible_to(scope).order_by("position", "code"))
    found = strengths_of(
        period,
        indicators=indicators,
        measures=figures_of(scope),
        targets=targets_by_indicator(scope),
        commentaries=commentaries_of(scope),
    )
    opened = opened_actions(scope, [point.reference for point in found.weak], today)
    weak = [replace(point, opened=opened.get(str(point.reference))) for point in found.weak]
    return replace(found, weak=weak)


def point_for(scope: Scope, indicator: Indicator, period: Period) -> PointOfPeriod:
    """Return one indicator in a period, for the form of its comment (4 queries)."""
    targets = targets_by_indicator(scope, [indicator.pk])
    book = books_for([indicator], figures_of(scope), period.end)[indicator.pk]
    return _point(period, indicator, book, targets, rule_days([indicator.pk]))


def strengths_of_prefecture(prefecture: Prefecture, today: date) -> Strengths | None:
    """Return the points that the committee reads: the period commented last, else the newest quarter.

    ``None`` without any figure.
    """
    measures = figures_of_prefecture(prefecture)
    commentaries = Commentary.objects.filter(prefecture=prefecture)
    last = commentaries.order_by("-written_at", "-pk").values_list("period", flat=True).first()
    period = Period.from_code(last) if last else period_to_show(measures, today)
    found = strengths_of(
        period,
        indicators=list(Indicator.objects.order_by("position", "code")),
        measures=measures,
        targets=_targets_of_prefecture(prefecture),
        commentaries=commentaries,
    )
    return found if found.measured_count else None


def commentaries_of(scope: Scope) -> QuerySet[Any]:
    """Return the comments of the préfecture of the scope."""
    return Commentary.objects.visible_to(scope).filter(prefecture=scope.prefecture)


def period_to_show(measures: QuerySet[Any], today: date) -> Period:
    """Return the quarter of the newest figures."""
    return last_ended(last_day_known(measures, today), Kind.QUARTER)


def periods_to_choose(latest: Period, shown: Period) -> list[Period]:
    """Return the quarters, halves and years of three years, newest first in each length."""
    found = []
    for kind, count in ((Kind.QUARTER, 12), (Kind.HALF, 6), (Kind.YEAR, 3)):
        last = last_ended(latest.end, kind)
        found += [moved(last, -steps) for steps in range(count)]
    return found if shown in found else [shown, *found]


# --- Inside -----------------------------------------------------------------------------------
def _targets_of_prefecture(prefecture: Prefecture) -> dict[int, list[DatedTarget]]:
    found: dict[int, list[DatedTarget]] = defaultdict(list)
    held = Q(prefecture=prefecture) | Q(prefecture__isnull=True)
    for row in Target.objects.filter(held, removed_at__isnull=True).order_by("starts_on", "pk"):
        found[row.indicator_id].append(row.dated)
    return found


def _point(
    period: Period,
    indicator: Indicator,
    book: Book,
    targets: Mapping[int, Sequence[DatedTarget]],
    rules: Mapping[int, Sequence[date]],
) -> PointOfPeriod:
    own = targets.get(indicator.pk, [])
    read = partial(read_series, unit=indicator.unit, direction=indicator.direction)
    series = book.series(periods_between(period.same_last_year(), period))
    until = series_until(book, Kind(indicator.periodicity), period.end)
    natural = read(until, own, rules=rules.get(indicator.pk, ()))
    latest = natural.latest
    inside = latest is not None and period.contains(latest.period)
    return PointOfPeriod(
        indicator,
        read(series, own),
        natural.movement if inside else None,
        latest.period if inside and latest else None,
        None,
    )


def _is_owed(period: Period, indicator: Indicator, point: PointOfPeriod) -> bool:
    """Tell whether a missing figure was expected: the indicator is measured that often, and is used."""
    is_often = Period.holding(period.start, Kind(indicator.periodicity)).months <= period.months
    return is_often and (point.reading.latest is not None or bool(point.figure.measures))


def _rank(standing: Standing) -> int:
    return _SEVERITY.index(standing) if standing in _SEVERITY else len(_SEVERITY)


def _lower(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"


def _counted(count: int, noun: str) -> str:
    if count == 0:
        return f"aucun {noun}"
    many = " ".join(f"{word}s" for word in noun.split()) if count > 1 else noun
    return f"{count} {many}"

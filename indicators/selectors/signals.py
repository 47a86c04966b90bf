"""Figures as the action plan reads them: what can give rise to an action, what measures its effect."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access import Scope
from accounts.models import Prefecture
from action_plans.models import Action, Origin, SuccessMeasure
from common.search import holding
from indicators.conclusions import Reading, read_series
from indicators.enums import MeasureState, Standing
from indicators.models import Indicator
from indicators.reading.periods import Kind
from indicators.references import ORIGIN, FigureReference
from indicators.rules import DatedTarget
from indicators.selectors.catalogue import targets_by_indicator
from indicators.selectors.definitions import rule_days
from indicators.selectors.figures import (
    books_for,
    figures_of,
    figures_of_prefecture,
    last_day_known,
    nature_of,
    rows_by_indicator,
    series_until,
)
from indicators.series import WHOLE, Book, PeriodFigure


@dataclass(frozen=True, slots=True)
class Told:
    """The figures of an indicator at one place up to a period, and what they say."""

    indicator: Indicator
    place: str
    place_label: str
    series: tuple[PeriodFigure, ...]
    reading: Reading

    @property
    def latest(self) -> PeriodFigure | None:
        return self.reading.latest

    @property
    def former(self) -> tuple[str, ...]:
        """References of the earlier figures of the same series: the same signal, seen before."""
        latest = self.latest
        return tuple(
            str(FigureReference(self.indicator.code, item.period, self.place))
            for item in self.series
            if latest is not None and item.value is not None and item.period < latest.period
        )


def weak_series(scope: Scope) -> list[Told]:
    """Return the series whose latest figure misses its target (6 queries).

    The services or sites that miss it when there are some, else the whole préfecture.
    """
    wholes: dict[str, Told] = {}
    weak: dict[str, list[Told]] = defaultdict(list)
    for told in latest_series(scope):
        if told.place == WHOLE:
            wholes[told.indicator.code] = told
        elif told.reading.standing == Standing.BELOW:
            weak[told.indicator.code].append(told)
    for code, whole in wholes.items():
        if code not in weak and whole.reading.standing == Standing.BELOW:
            weak[code].append(whole)
    kept = [told for some in weak.values() for told in some]
    kept.sort(key=lambda told: (told.indicator.position, told.indicator.code))
    return kept


def latest_series(scope: Scope, query: str = "") -> list[Told]:
    """Return the series that have a figure: each préfecture's whole, then its places (6 queries)."""
    if scope.prefecture is None:
        return []
    indicators = list(matching(Indicator.objects.visible_to(scope), query))
    measures = figures_of(scope)
    day = last_day_known(measures, timezone.localdate())
    books = books_for(indicators, measures, day)
    targets = targets_by_indicator(scope)
    rules = rule_days(books)
    found = []
    for indicator in indicators:
        book, own = books[indicator.pk], targets.get(indicator.pk, [])
        for place, label in ((WHOLE, ""), *book.places):
            series = series_until(book, Kind(indicator.periodicity), day, place)
            told = _told(indicator, place, label, series, own, rules.get(indicator.pk, []))
            if told.latest is not None:
                found.append(told)
    return found


def matching(indicators: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Keep the definitions whose code or label holds the words of a query."""
    return indicators.filter(holding(query, "code", "label")).order_by("position", "code")


def series_by_reference(
    scope: Scope, references: Iterable[FigureReference]
) -> dict[FigureReference, Told]:
    """Return what figures said in their period; those that this reader may not see are left out.

    4 queries, whatever their number.
    """
    wanted: dict[str, list[FigureReference]] = defaultdict(list)
    for reference in references:
        wanted[reference.code].append(reference)
    if not wanted or scope.prefecture is None:
        return {}
    indicators = Indicator.objects.visible_to(scope).filter(code__in=wanted).order_by("pk")
    known = {item.pk: item for item in indicators}
    rows = rows_by_indicator(figures_of(scope).filter(indicator__in=known))
    targets, rules = targets_by_indicator(scope, known), rule_days(known)
    found = {}
    for pk, indicator in known.items():
        book = Book(nature_of(indicator), rows.get(pk, []))
        places = {WHOLE: "", **dict(book.places)}
        for reference in wanted[indicator.code]:
            if reference.place not in places:
                continue
            series = _series_to(book, reference)
            told = _told(
                indicator,
                reference.place,
                places[reference.place],
                series,
                targets.get(pk, []),
                rules.get(pk, []),
            )
            if told.latest is not None and told.latest.period == reference.period:
                found[reference] = told
    return found


@dataclass(frozen=True, slots=True)
class ValidatedSeries:
    """The validated figures of an indicator at a place, oldest first; when its rule changed."""

    indicator: Indicator
    figures: list[PeriodFigure]
    rules: list[date]


def validated_series(prefecture: Prefecture, code: str, place: str) -> ValidatedSeries | None:
    """Return what may measure the effect of an action (3 queries)."""
    indicator = Indicator.objects.filter(code=code).first()
    if indicator is None:
        return None
    own = figures_of_prefecture(prefecture).exclude(state=MeasureState.ENTERED)
    rows = rows_by_indicator(own.filter(indicator=indicator)).get(indicator.pk, [])
    book = Book(nature_of(indicator), rows)
    if not rows or place not in {WHOLE, *dict(book.places)}:
        return None
    until = max(row.period.end for row in rows)
    figures = series_until(book, Kind(indicator.periodicity), until, place)
    return ValidatedSeries(indicator, figures, rule_days([indicator.pk]).get(indicator.pk, []))


def actions_naming(prefecture: Prefecture, indicator: Indicator) -> QuerySet[Any]:
    """Return the actions opened from figures of the indicator, or measured by it (1 query)."""
    begins = f"{indicator.code}:"
    origins = Origin.objects.filter(source=ORIGIN, reference__startswith=begins)
    measures = SuccessMeasure.objects.filter(
        Q(reference=indicator.code) | Q(reference__startswith=begins),
        source=ORIGIN,
        removed_at__isnull=True,
    )
    named = Q(pk__in=origins.order_by().values("action")) | Q(
        pk__in=measures.order_by().values("action")
    )
    rows = Action.objects.filter(named, prefecture=prefecture, removed_at__isnull=True)
    return rows.order_by("number")


def _series_to(book: Book, reference: FigureReference) -> list[PeriodFigure]:
    """Return the figures of the periods of one length that end with that of a reference."""
    kind = reference.period.kind
    series = series_until(book, kind, reference.period.end, reference.place)
    if series[-1].period == reference.period:
        return series
    return [book.figure(reference.period, reference.place)]


def _told(
    indicator: Indicator,
    place: str,
    label: str,
    series: list[PeriodFigure],
    targets: list[DatedTarget],
    rules: list[date],
) -> Told:
    reading = read_series(
        series, targets, unit=indicator.unit, direction=indicator.direction, rules=rules
    )
    return Told(indicator, place, label, tuple(series), reading)

"""Reads of the page of an indicator: its chart, its points, the places that make it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.access import Scope
from common.charts.data import Bar, BarChart, Event, LineChart, Point
from common.charts.figure import Figure, draw
from common.numbers import difference, quantity
from common.typography import MONTHS, date_in_words
from indicators.conclusions import Reading, goal_words, read_series
from indicators.enums import Aggregation, Direction, Standing
from indicators.models import Commentary, Indicator, Measure, NationalValue
from indicators.movements import Movement
from indicators.period_words import span_words
from indicators.reading.definitions import WHOLE_LABEL
from indicators.reading.periods import Kind, Period
from indicators.references import FigureReference
from indicators.registry import DatedEvent, dated_events
from indicators.rules import DatedTarget, targets_on
from indicators.selectors.catalogue import targets_by_indicator
from indicators.selectors.definitions import rule_days
from indicators.selectors.figures import (
    books_for,
    nature_of,
    of_place,
    rows_by_indicator,
    series_until,
)
from indicators.selectors.provenance import origin_words
from indicators.series import WHOLE, WINDOW, Book, PeriodFigure, periods_between
from indicators.statistics import standing
from indicators.usual import Usual, usual_of


@dataclass(frozen=True, slots=True)
class Origin:
    """One measure behind a point: where it is told, and in a few words where it comes from."""

    measure: int
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class PointLine:
    """One period of the table. ``usual``: the limits of its stretch; ``change``: what it begins."""

    figure: PeriodFigure
    standing: Standing
    target: str
    since_last_year: str
    national: str
    is_signal: bool
    usual: str
    change: str
    origins: Sequence[Origin] = ()

    @property
    def shared_origin(self) -> str:
        """The words that every measure behind the point shares; empty when they differ."""
        words = {item.words for item in self.origins}
        return words.pop() if len(words) == 1 and len(self.origins) > 1 else ""

    @property
    def short_origin(self) -> str:
        """Where the point comes from, for paper: « saisie à la main (3 chiffres) »."""
        if self.shared_origin:
            return f"{self.shared_origin} ({len(self.origins)} chiffres)"
        return self.origin_words

    @property
    def origin_words(self) -> str:
        """Where the point comes from, place by place, on one line."""
        if self.shared_origin:
            return f"{self.shared_origin} ({', '.join(item.place for item in self.origins)})"
        return " ; ".join(
            f"{item.place} : {item.words}" if item.place else item.words for item in self.origins
        )


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """Everything that the page and the printed sheet of an indicator show."""

    indicator: Indicator
    place: str
    places: Sequence[tuple[str, str]]
    reading: Reading
    movement: Movement
    national: str
    national_period: str
    chart: Figure | None
    by_place: Figure | None
    points: Sequence[PointLine]
    events: Sequence[DatedEvent]
    is_cut: bool
    commentary: Commentary | None

    @property
    def place_label(self) -> str:
        return dict(self.places).get(self.place, WHOLE_LABEL)

    @property
    def reference(self) -> FigureReference | None:
        """How the action plan names the last figure; ``None`` without any."""
        latest = self.reading.latest
        return FigureReference(self.indicator.code, latest.period, self.place) if latest else None

    @property
    def span(self) -> str:
        """« du 1er trimestre 2020 au 2e trimestre 2022 »."""
        return span_words(self.points[-1].figure.period, self.points[0].figure.period)

    @property
    def has_national(self) -> bool:
        return any(line.national for line in self.points)

    @property
    def linked_events(self) -> list[DatedEvent]:
        """What happened meanwhile and has a page of its own."""
        return [event for event in self.events if event.url]

    @property
    def has_samples(self) -> bool:
        return any(line.figure.is_sample for line in self.points)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Summary band: last figure, target, last year, France, next figure expected."""
        reading = self.reading
        latest, year_ago = reading.latest, reading.year_ago
        facts = [
            (
                f"Dernière valeur ({latest.period.label})" if latest else "Dernière valeur",
                latest.shown if latest else reading.due.shown,
            ),
            ("Cible", reading.target_words or "aucune"),
        ]
        if year_ago is not None:
            facts.append((f"Un an plus tôt ({year_ago.period.label})", year_ago.shown))
        if self.national:
            facts.append((f"Valeur nationale ({self.national_period})", self.national))
        if reading.is_late:
            facts.append((f"Attendu : {reading.due.period.label}", reading.due.shown))
        return facts


def page_for(
    indicator: Indicator,
    scope: Scope,
    measures: QuerySet[Any],
    day: date,
    *,
    place: str = WHOLE,
    whole_history: bool = False,
) -> IndicatorPage:
    """Return the page of an indicator of the scope's préfecture, read at the end of ``day``.

    Constant queries. The last periods only (``series.WINDOW``), unless ``whole_history``.
    """
    own = measures.filter(indicator=indicator)
    places, book = _book(indicator, measures, day, place, whole_history=whole_history)
    if place not in dict(places):
        place = WHOLE
    read = series_until(book, Kind(indicator.periodicity), day, place)
    older = _older(book, read, place) if whole_history and book.rows else []
    series = [*older, *read] if whole_history else read[-WINDOW[read[-1].period.kind] - 1 :]
    targets = targets_by_indicator(scope, [indicator.pk]).get(indicator.pk, [])
    rules = rule_days([indicator.pk]).get(indicator.pk, ())
    words = {"unit": indicator.unit, "direction": indicator.direction}
    reading = read_series(read, targets, rules=rules, **words)
    usual = usual_of(read, reading.movement.stretches, older, rules)
    published = national_values(indicator, series)
    nationals = [item and item[1] for item in published]
    newest = next((item for item in reversed(published) if item), None)
    prefecture: Any = scope.prefecture
    events = dated_events(prefecture, indicator, series[0].period.start, series[-1].period.end)
    points = _points(indicator, series, targets, nationals, usual)
    earliest = of_place(own, place).filter(starts_on__lt=series[0].period.start).exists()
    return IndicatorPage(
        indicator=indicator,
        place=place,
        places=places,
        reading=reading,
        movement=reading.movement,
        national=_national_words(newest, indicator),
        national_period=newest[0].label if newest else "",
        chart=_chart(indicator, series, targets, nationals, (reading, usual), events),
        by_place=_by_place(indicator, book, reading) if place == WHOLE else None,
        points=_with_origins(points, own),
        events=events,
        is_cut=earliest,
        commentary=_commentary(indicator, scope, reading),
    )


National = tuple[Period, Decimal]


def national_values(indicator: Indicator, series: Sequence[PeriodFigure]) -> list[National | None]:
    """Return the value of the whole country for each period, or for the longer one that holds it.

    With the period that it was published for (1 query).
    """
    rows = NationalValue.objects.filter(
        indicator=indicator, removed_at__isnull=True, ends_on__gte=series[0].period.start
    ).order_by("starts_on", "pk")
    known = [(Period.from_code(row.period), row.value) for row in rows]
    return [
        min(
            ((span, value) for span, value in known if span.contains(item.period)),
            key=lambda held: held[0].months,
            default=None,
        )
        for item in series
    ]


def short_label(period: Period) -> str:
    """Return « janv. 2021 », « T1 2021 », « S1 2021 », « 2021 » for an axis."""
    if period.kind == Kind.MONTH:
        name = MONTHS[period.rank - 1]
        return f"{name if len(name) <= 4 else f'{name[:4]}.'} {period.year}"
    letter = {Kind.QUARTER: "T", Kind.HALF: "S"}.get(period.kind, "")
    return f"{letter}{period.rank} {period.year}" if letter else str(period.year)


# --- Inside -----------------------------------------------------------------------------------
def _book(
    indicator: Indicator, measures: QuerySet[Any], day: date, place: str, *, whole_history: bool
) -> tuple[list[tuple[str, str]], Book]:
    """Return the places to choose among, and the rows to read: those of the place, as the list does.

    A place that stopped long ago is still shown, by its own last periods (2 queries more for a place).
    """
    if whole_history:
        own = measures.filter(indicator=indicator, starts_on__lte=day)
        rows = rows_by_indicator(own).get(indicator.pk, [])
        whole = Book(nature_of(indicator), rows)
        alone = Book(whole.nature, [row for row in rows if row.place == place])
    else:
        whole = books_for([indicator], measures, day)[indicator.pk]
        alone = books_for([indicator], measures, day, place)[indicator.pk] if place else whole
    if place in dict(alone.places):
        return list(dict([*whole.places, *alone.places]).items()), alone
    return whole.places, whole


def _older(book: Book, read: Sequence[PeriodFigure], place: str) -> list[PeriodFigure]:
    """Return the figures from the first one ever to those that were read."""
    until = read[0].period
    first = Period.holding(min(row.period.start for row in book.rows), until.kind)
    before = periods_between(first, until.previous()) if first < until else []
    return book.series(before, place)


def _points(
    indicator: Indicator,
    series: Sequence[PeriodFigure],
    targets: Sequence[DatedTarget],
    nationals: Sequence[Decimal | None],
    usual: Usual,
) -> list[PointLine]:
    by_period = {item.period: item.value for item in series}
    lines = []
    for rank, item in enumerate(series):
        held = targets_on(targets, item.period.end)
        goal = held.goal(indicator.direction)
        year_ago = by_period.get(item.period.same_last_year())
        delta = None if item.value is None or year_ago is None else item.value - year_ago
        national = nationals[rank]
        lines.append(
            PointLine(
                figure=item,
                standing=standing(item.value, goal, missing=item.missing),
                target=goal_words(held, indicator.unit, indicator.direction),
                since_last_year="" if delta is None else difference(delta, indicator.unit),
                national=""
                if national is None
                else quantity(national, indicator.unit, least=indicator.decimals),
                is_signal=item.period in usual.signals,
                usual=usual.words(item.period),
                change=usual.changes.get(item.period, ""),
            )
        )
    return list(reversed(lines))


def _with_origins(lines: Sequence[PointLine], own: QuerySet[Any]) -> list[PointLine]:
    """Add to each point the measures behind it (1 query)."""
    wanted = {pk for line in lines for pk in line.figure.measures}
    rows: dict[int, Measure] = {
        row.pk: row
        for row in own.filter(pk__in=wanted)
        .select_related("imported", "service", "site")
        .defer("imported__reading", "imported__answers", "imported__changes")
    }
    return [
        replace(
            line,
            origins=[
                Origin(pk, rows[pk].place_label, origin_words(rows[pk]))
                for pk in line.figure.measures
                if pk in rows
            ],
        )
        for line in lines
    ]


def _chart(
    indicator: Indicator,
    series: Sequence[PeriodFigure],
    targets: Sequence[DatedTarget],
    nationals: Sequence[Decimal | None],
    said: tuple[Reading, Usual],
    events: Sequence[DatedEvent],
) -> Figure | None:
    if all(item.value is None for item in series):
        return None
    reading, usual = said
    aims = [targets_on(targets, item.period.end) for item in series]
    held = [aim.target for aim in aims]
    has_goal = indicator.direction != Direction.NONE and any(held)
    return draw(
        LineChart(
            key=f"indicateur-{indicator.pk}",
            question="La cible est-elle atteinte ?"
            if has_goal
            else "Comment ce chiffre évolue-t-il ?",
            conclusion=reading.trend[0].upper() + reading.trend[1:] + ".",
            unit=indicator.unit,
            decimals=indicator.decimals,
            points=[
                Point(
                    item.period.label,
                    item.value,
                    short=short_label(item.period),
                    missing=item.missing,
                    note="démonstration" if item.is_sample else "",
                )
                for item in series
            ],
            target=[goal.value if goal else None for goal in held] if any(held) else None,
            target_texts=[goal_words(aim, indicator.unit, indicator.direction) for aim in aims],
            comparison=nationals if any(value is not None for value in nationals) else (),
            limits=usual.limits([item.period for item in series]),
            events=_events(events, series),
            signals=frozenset(
                rank for rank, item in enumerate(series) if item.period in usual.signals
            ),
            source=indicator.source_system or "",
        )
    )


def _events(events: Sequence[DatedEvent], series: Sequence[PeriodFigure]) -> list[Event]:
    return [
        Event(rank, event.label, date_in_words(event.happened_on))
        for event in events
        for rank, item in enumerate(series)
        if item.period.start <= event.happened_on <= item.period.end
    ]


def _by_place(indicator: Indicator, book: Book, reading: Reading) -> Figure | None:
    """Draw the services (or sites) of the last period side by side, when there are several."""
    latest = reading.latest
    if latest is None or len(book.places) < 2:
        return None
    figures = [(label, book.figure(latest.period, key)) for key, label in book.places]
    bars = [Bar(label, item.value, item.missing) for label, item in figures]
    if indicator.aggregation == Aggregation.RATIO:
        bars.append(Bar("Ensemble", latest.value, latest.missing, is_total=True))
    target = reading.targets.target
    return draw(
        BarChart(
            key=f"lieux-{indicator.pk}",
            question="Où se joue ce résultat ?",
            conclusion=latest.gap,
            unit=indicator.unit,
            decimals=indicator.decimals,
            name=latest.period.label.capitalize(),
            row_label="Service" if book.places[0][0].startswith("service") else "Site",
            bars=bars,
            target=target.value if target and indicator.aggregation == Aggregation.RATIO else None,
            target_text=reading.target_words,
        )
    )


def _national_words(newest: National | None, indicator: Indicator) -> str:
    return quantity(newest[1], indicator.unit, least=indicator.decimals) if newest else ""


def _commentary(indicator: Indicator, scope: Scope, reading: Reading) -> Commentary | None:
    """Return what was written last of this indicator (1 query)."""
    rows = Commentary.objects.visible_to(scope).filter(
        indicator=indicator, prefecture=scope.prefecture
    )
    return rows.select_related("written_by").order_by("-written_at", "-pk").first()

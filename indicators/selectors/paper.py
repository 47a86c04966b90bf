"""The figures as documents freeze them: plain text, written by the same code as the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from accounts.access import Scope
from common.charts.data import LineChart, Point
from common.charts.figure import Figure, draw
from indicators.models import Indicator
from indicators.period_words import during
from indicators.selectors import figures
from indicators.selectors.catalogue import asking_for, targets_by_indicator
from indicators.selectors.figures import SPARK, FigureLine
from indicators.selectors.indicator_page import PointLine, page_for, short_label
from indicators.selectors.strengths import PointOfPeriod, Strengths
from indicators.series import PeriodFigure


SAMPLE_NOTICE: Final = (
    "Démonstration : les chiffres marqués d’un astérisque sont inventés pour montrer l’application."
)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One row of the printed list."""

    code: str
    label: str
    value: str
    period: str
    standing: str
    tone: str
    target: str
    trend: str
    before: str
    before_period: str
    year_ago: str
    year_ago_period: str
    late: str
    late_why: str
    gap: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class GroupFacts:
    title: str
    module: str
    lines: Sequence[LineFacts]


@dataclass(frozen=True, slots=True)
class DetailFacts:
    """A weak point, with its chart."""

    label: str
    sentence: str
    movement: str
    chart: Figure | None


@dataclass(frozen=True, slots=True)
class PointFacts:
    """One strong or weak point, as the committee reads it."""

    label: str
    value: str
    standing: str
    sentence: str
    comment: str
    answer: str
    is_sample: bool
    is_pending: bool


@dataclass(frozen=True, slots=True)
class StrengthsFacts:
    """The section of the minutes."""

    period: str
    conclusion: str
    weak: Sequence[PointFacts]
    strong: Sequence[PointFacts]
    missing: Sequence[str]
    has_samples: bool


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One period of the printed sheet."""

    period: str
    value: str
    ratio: str
    standing: str
    since_last_year: str
    national: str
    origin: str
    gap: str
    is_sample: bool
    is_signal: bool
    change: str


def dashboard_data(scope: Scope, today: date) -> dict[str, Any]:
    """Return what the printed list freezes: the indicators of the page, a chart of each weak point."""
    measures = figures.figures_of(scope)
    day = figures.last_day_known(measures, today)
    asking = asking_for(scope)
    indicators = Indicator.objects.visible_to(scope).order_by("position", "code")
    lines = figures.lines_for(
        [item for item in indicators if item.code not in asking.outside],
        measures=measures,
        targets=targets_by_indicator(scope),
        day=day,
        headings=asking.headings,
    )
    page = figures.FigurePage(day, lines, lines, figures.order_of(asking.headings))
    return {
        "day": day,
        "conclusion": page.conclusion,
        "groups": [
            GroupFacts(group.title, group.module, [_line_facts(line) for line in group.lines])
            for group in page.groups
        ],
        "weak": [_detail(line) for line in lines if line.reading.is_weak],
        "has_samples": page.has_samples,
    }


def sheet_data(indicator: Indicator, scope: Scope, today: date) -> dict[str, Any]:
    """Return what the printed sheet of an indicator freezes."""
    measures = figures.figures_of(scope)
    page = page_for(indicator, scope, measures, figures.last_day_known(measures, today))
    commentary = page.commentary
    return {
        "code": indicator.code,
        "conclusion": page.reading.sentence,
        "standing": page.reading.standing.label,
        "facts": page.facts,
        "chart": page.chart,
        "by_place": page.by_place,
        "movement": page.movement.sentence,
        "level": page.reading.level,
        "comment": commentary.comment if commentary else "",
        "answer": commentary.answer if commentary else "",
        "comment_period": commentary.current_period.label if commentary else "",
        "rows": [_row_facts(line) for line in page.points],
        "has_national": page.has_national,
        "definition": indicator.definition,
        "numerator": indicator.numerator_label,
        "denominator": indicator.denominator_label,
        "counting_rule": indicator.counting_rule,
        "source": indicator.source,
        "certainty": indicator.certainty_state.label,
        "has_samples": page.has_samples,
    }


def strengths_facts(points: Strengths) -> StrengthsFacts:
    """Return the points of a period as the minutes freeze them."""
    return StrengthsFacts(
        period=during(points.period),
        conclusion=points.conclusion,
        weak=[_point_facts(point) for point in points.weak],
        strong=[_point_facts(point) for point in points.strong],
        missing=[point.indicator.label for point in points.missing],
        has_samples=points.has_samples,
    )


# --- Inside -----------------------------------------------------------------------------------
def _line_facts(line: FigureLine) -> LineFacts:
    reading = line.reading
    latest = reading.latest
    return LineFacts(
        code=line.indicator.code,
        label=line.indicator.label,
        value=latest.shown if latest else reading.due.shown,
        period=_period(latest or reading.due),
        standing=reading.standing.label,
        tone=reading.standing.tone,
        target=reading.target_words,
        trend=reading.trend if latest else "",
        before=_shown(reading.before),
        before_period=_period(reading.before),
        year_ago=_shown(reading.year_ago),
        year_ago_period=_period(reading.year_ago),
        late=reading.due.period.label if reading.is_late else "",
        late_why=reading.due.shown if reading.is_late else "",
        gap=latest.short_gap if latest else "",
        is_sample=line.is_sample,
    )


def _detail(line: FigureLine) -> DetailFacts:
    return DetailFacts(
        line.indicator.label,
        line.reading.sentence,
        f"{line.reading.movement.sentence} {line.reading.level}".strip(),
        _chart(line),
    )


def _chart(line: FigureLine) -> Figure | None:
    series = line.series[-SPARK:]
    if sum(item.value is not None for item in series) < 2:
        return None
    return draw(
        LineChart(
            key=f"faible-{line.indicator.pk}",
            question="La cible est-elle atteinte ?",
            unit=line.indicator.unit,
            decimals=line.indicator.decimals,
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
            target=line.target_value,
            target_texts=[line.reading.target_words] * len(series),
        )
    )


def _row_facts(line: PointLine) -> RowFacts:
    item = line.figure
    return RowFacts(
        period=item.period.label,
        value=item.shown,
        ratio=item.ratio,
        standing=line.standing.label,
        since_last_year=line.since_last_year,
        national=line.national,
        origin=line.short_origin,
        gap=item.gap,
        is_sample=item.is_sample,
        is_signal=line.is_signal,
        change=line.change,
    )


def _point_facts(point: PointOfPeriod) -> PointFacts:
    said = point.commentary
    return PointFacts(
        label=point.indicator.label,
        value=point.figure.shown,
        standing=point.reading.standing.label,
        sentence=point.reading.sentence,
        comment=said.comment if said else "",
        answer=said.answer if said else "",
        is_sample=point.figure.is_sample,
        is_pending=point.figure.is_pending,
    )


def _shown(figure: PeriodFigure | None) -> str:
    return figure.shown if figure else ""


def _period(figure: PeriodFigure | None) -> str:
    return figure.period.label if figure else ""

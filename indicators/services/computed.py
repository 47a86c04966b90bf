"""Figures computed by the application: asked of every registered source, recorded once.

A figure typed by hand, read in a file or validated is never overwritten: the two values are told.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Prefecture, User
from common.numbers import quantity
from indicators.enums import FigureOrigin, MeasureState, MeasureStatus
from indicators.models import Indicator, Measure
from indicators.reading.periods import Kind, Period
from indicators.registry import ComputedFigure, ComputedSource, computed_sources
from indicators.series import last_ended
from indicators.services.measures import Key, MeasureRow, lock_figures, record_measures


logger = logging.getLogger(__name__)
REASON = "Recalcul"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A figure that stays, though the application computes another."""

    measure: Measure
    computed: MeasureRow
    source: str

    @property
    def sentence(self) -> str:
        """Say both values, and what to do."""
        kept, indicator = self.measure, self.measure.indicator
        place = f", {kept.place_label}" if kept.place_label else ""
        how = kept.get_origin_display().lower()
        now = _shown(kept.value, kept.status, indicator)
        other = _shown(_value_of(self.computed), self.computed.status, indicator)
        return (
            f"{kept.indicator.label}{place}, {Period.from_code(kept.period).label} : {now} ({how}), alors "
            f"que « {self.source} » donne {other}. Gardez la valeur, ou corrigez-la dans la grille."
        )


@dataclass(slots=True)
class Recalculated:
    """What a recalculation did; ``failed``: labels of the sources that could not answer."""

    written: int = 0
    unchanged: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def recalculate(*, prefecture: Prefecture, period: Period, by: User | None = None) -> Recalculated:
    """Ask every source for a period and record what is new; twice changes nothing.

    Only indicators measured as often as the period lasts. A source that fails, or contradicts itself,
    is told and leaves the others alone.
    """
    done = Recalculated()
    for source in computed_sources():
        try:
            _record(source, prefecture, period, by, done)
        except ValidationError as error:
            logger.warning("source %s: %s", source.code, error.messages)
            done.failed.append(source.label)
        except Exception:
            logger.exception("source %s failed for %s", source.code, period.code)
            done.failed.append(source.label)
    return done


def recalculate_due(*, prefecture: Prefecture, today: date) -> list[Recalculated]:
    """Recalculate the last period that is over, of each length."""
    return [recalculate(prefecture=prefecture, period=last_ended(today, kind)) for kind in Kind]


@transaction.atomic
def _record(
    source: ComputedSource,
    prefecture: Prefecture,
    period: Period,
    by: User | None,
    done: Recalculated,
) -> None:
    indicators = {
        item.code: item
        for item in Indicator.objects.filter(
            code__in=source.indicators, periodicity=period.kind
        ).order_by("pk")
    }
    if not indicators:
        return
    figures = source.figures(prefecture, period.start, period.end)
    rows = [
        _row(source, indicators[figure.indicator], figure, period)
        for figure in figures
        if figure.indicator in indicators
    ]
    # What somebody types meanwhile is told apart from what was computed.
    lock_figures(prefecture)
    present = _present(prefecture, indicators.values(), period)
    free, conflicts = [], []
    for row in rows:
        kept = present.get(row.key)
        if kept is None or not _is_held(kept):
            free.append(row)
        elif _differs(kept, row):
            conflicts.append(Conflict(kept, row, source.label))
    recorded = record_measures(
        prefecture=prefecture,
        rows=free,
        by=by,
        origin=FigureOrigin.COMPUTED,
        reason=REASON,
        skip_locked=True,
    )
    done.written += len(recorded.created) + len(recorded.changed)
    done.unchanged += recorded.unchanged
    done.conflicts += conflicts


def _row(
    source: ComputedSource, indicator: Indicator, figure: ComputedFigure, period: Period
) -> MeasureRow:
    return MeasureRow(
        indicator_id=indicator.pk,
        period=period.code,
        starts_on=period.start,
        ends_on=period.end,
        status=figure.status,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        service_id=figure.service_id,
        site_id=figure.site_id,
        computed_by=source.code,
        source_note=(figure.note or source.label)[:300],
    )


def _present(
    prefecture: Prefecture, indicators: Iterable[Indicator], period: Period
) -> dict[Key, Measure]:
    rows = Measure.objects.filter(
        prefecture=prefecture, indicator__in=list(indicators), period=period.code
    ).select_related("indicator", "service", "site")
    return {
        (row.indicator_id, row.service_id, row.site_id, row.period): row
        for row in rows.order_by("pk")
    }


def _is_held(measure: Measure) -> bool:
    """Tell whether a person answers for the figure: only what was computed and not validated moves."""
    is_computed = measure.origin == FigureOrigin.COMPUTED
    return not is_computed or measure.state != MeasureState.ENTERED


def _differs(measure: Measure, row: MeasureRow) -> bool:
    if measure.status != row.status:
        return True
    value = _value_of(row)
    if value is None or measure.value is None:
        return value is not measure.value
    return round(value, 6) != measure.value


def _value_of(row: MeasureRow) -> Decimal | None:
    if row.value is None and row.numerator is not None and row.denominator:
        return row.numerator / row.denominator
    return row.value


def _shown(value: Decimal | None, status: str, indicator: Indicator) -> str:
    if value is None:
        return str(MeasureStatus(status).label).lower()
    return quantity(value, indicator.unit, least=indicator.decimals)

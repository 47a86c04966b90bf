"""The list of indicators with ten times the history: it must cost the same."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from accounts.scopes import scope_of
from bench.registry import bench, compared, ratio
from indicators.enums import FigureOrigin
from indicators.models import Indicator
from indicators.reading.periods import Kind, Period
from indicators.selectors import figures
from indicators.selectors.catalogue import targets_by_indicator
from indicators.series import periods_between
from indicators.services.measures import MeasureRow, record_measures


READER = "referente@loir-et-cher.demo"
LAST = date(2021, 12, 31)
# Thirteen years fill every window: beyond, nothing more should be read.
LATE, EARLY = date(2009, 1, 1), date(1892, 1, 1)


@bench("indicator_list", limit=1.5)
def measure() -> dict[str, float]:
    """Compare 130 years of history with 13, on a database that forgets both afterwards."""
    scope = scope_of(User.objects.get(email=READER), today=LAST)
    indicators = list(Indicator.objects.order_by("position", "code"))
    with transaction.atomic():
        figures.figures_of(scope).delete()
        few = _fill(scope.prefecture, indicators, LATE, LAST)
        short = compared(lambda: _page(scope, indicators))[0]
        many = few + _fill(scope.prefecture, indicators, EARLY, Period.from_code("2008").end)
        long = compared(lambda: _page(scope, indicators))[0]
        transaction.set_rollback(True)
    return ratio(long, short, figures_few=few, figures_many=many)


def _fill(prefecture: object, indicators: list[Indicator], first: date, last: date) -> int:
    rows = [
        MeasureRow(item.pk, period.code, period.start, period.end, value=Decimal("0.9"))
        for item in indicators
        for kind in [Kind(item.periodicity)]
        for period in periods_between(Period.holding(first, kind), Period.holding(last, kind))
    ]
    record_measures(prefecture=prefecture, rows=rows, by=None, origin=FigureOrigin.HAND)  # type: ignore[arg-type]
    return len(rows)


def _page(scope: object, indicators: list[Indicator]) -> None:
    figures.lines_for(
        indicators,
        measures=figures.figures_of(scope),  # type: ignore[arg-type]
        targets=targets_by_indicator(scope),  # type: ignore[arg-type]
        day=LAST,
    )

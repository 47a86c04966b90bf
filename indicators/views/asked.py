"""What the address of the list asks for: the same for the page, ODS, XLSX and CSV."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accounts.access import Scope
from accounts.models import Service
from indicators.forms.figures import FigureFilterForm, PrefectureFilterForm
from indicators.selectors import figures, prefectures
from indicators.selectors.catalogue import asking_for


@dataclass(frozen=True, slots=True)
class ListAsked:
    """The filters and the list that answers them."""

    filters: FigureFilterForm
    page: figures.FigurePage


def list_asked(scope: Scope, query: QueryDict, today: date) -> ListAsked:
    """Return the list that answers a query string."""
    measures = figures.figures_of(scope)
    asking = asking_for(scope)
    latest = figures.last_day_known(measures, today)
    services = Service.objects.visible_to(scope).order_by("name", "pk")
    filters = FigureFilterForm(query, asking=asking, services=services, latest=latest)
    return ListAsked(filters, figures.page_of(scope, filters, asking, measures, latest, today))


@dataclass(frozen=True, slots=True)
class PrefecturesAsked:
    """The choices and the figures of every préfecture that answer them."""

    filters: PrefectureFilterForm
    page: prefectures.PrefecturesPage
    is_by_value: bool


def prefectures_asked(scope: Scope, query: QueryDict) -> PrefecturesAsked | None:
    """Return the consolidated figures that answer a query string; ``None`` without any figure."""
    readable = prefectures.readable_indicators(scope)
    indicator = readable.by_code.get(query.get("indicator", ""), readable.newest)
    if indicator is None:
        return None
    periods = prefectures.known_periods(scope, indicator)
    period = {item.code: item for item in periods}.get(query.get("period", ""))
    filters = PrefectureFilterForm(
        measured=readable.measured,
        national=readable.national,
        periods=periods,
        shown=indicator,
        period=period,
    )
    is_by_value = query.get("sort") == "value"
    page = prefectures.prefectures_page(scope, indicator, period, best_first=is_by_value)
    return PrefecturesAsked(filters, page, is_by_value)

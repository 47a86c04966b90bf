"""What the pages of the figures need besides the figures: filters asked, newest documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import Permission, Scope
from accounts.models import Service
from indicators.forms.figures import FigureFilterForm
from indicators.models import Indicator
from indicators.selectors import figures
from indicators.selectors.catalogue import referential_to_show
from reports.models import Document
from reports.selectors import latest_document


DASHBOARD = "indicators.dashboard"
SHEET = "indicators.sheet"


@dataclass(frozen=True, slots=True)
class ListAsked:
    """The list as its address asks for it."""

    filters: FigureFilterForm
    page: figures.FigurePage


def list_asked(scope: Scope, query: Mapping[str, Any], today: date) -> ListAsked:
    """Return the list that answers a query string; the same for the page, ODS, XLSX and CSV."""
    measures = figures.figures_of(scope)
    headings = figures.headings_by_code(referential_to_show(scope, ""))
    latest = figures.last_day_known(measures, today)
    services = Service.objects.visible_to(scope).order_by("name", "pk")
    filters = FigureFilterForm(query, headings=headings, services=services, latest=latest)
    return ListAsked(filters, figures.page_of(scope, filters, headings, measures, latest))


def sheet_subject(prefecture_id: int | None, indicator: Indicator) -> str:
    """Return the subject of a printed sheet: one indicator of one préfecture."""
    return f"{prefecture_id}:{indicator.code}"


def latest_dashboard(scope: Scope) -> Document | None:
    return _latest(scope, DASHBOARD, str(scope.prefecture_id))


def latest_sheet(scope: Scope, indicator: Indicator) -> Document | None:
    return _latest(scope, SHEET, sheet_subject(scope.prefecture_id, indicator))


def _latest(scope: Scope, kind: str, subject: str) -> Document | None:
    if not scope.may(Permission.DOCUMENT_READ):
        return None
    return latest_document(kind=kind, subject_id=subject, scope=scope)

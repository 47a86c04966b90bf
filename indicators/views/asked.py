"""What the address of the list asks for: the same for the page, ODS, XLSX and CSV."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accounts.access import Scope
from accounts.models import Service
from indicators.forms.figures import FigureFilterForm
from indicators.selectors import figures
from indicators.selectors.catalogue import referential_to_show


@dataclass(frozen=True, slots=True)
class ListAsked:
    """The filters and the list that answers them."""

    filters: FigureFilterForm
    page: figures.FigurePage


def list_asked(scope: Scope, query: QueryDict, today: date) -> ListAsked:
    """Return the list that answers a query string."""
    measures = figures.figures_of(scope)
    headings = figures.headings_by_code(referential_to_show(scope, ""))
    latest = figures.last_day_known(measures, today)
    services = Service.objects.visible_to(scope).order_by("name", "pk")
    filters = FigureFilterForm(query, headings=headings, services=services, latest=latest)
    return ListAsked(filters, figures.page_of(scope, filters, headings, measures, latest))

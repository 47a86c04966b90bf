"""Pages where figures are read: the list, one indicator, one figure and where it comes from."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Permission, Scope, requires
from accounts.enums import Role
from action_plans.selectors.signals import OpenedActions
from indicators.models import Indicator, Measure
from indicators.selectors import figures
from indicators.selectors.indicator_page import IndicatorPage, page_for
from indicators.selectors.opened_actions import opened_actions
from indicators.selectors.provenance import provenance_of
from indicators.selectors.reading_documents import latest_dashboard, latest_sheet
from indicators.series import WHOLE
from indicators.sheets import download_links
from indicators.views.asked import list_asked, prefectures_asked


P = Permission
ALL = "toutes"


@require_safe
@requires(P.INDICATOR_READ, P.REFERENTIAL_READ)
def figure_list(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    if not scope.may(P.INDICATOR_READ):
        return redirect("indicators:definition_list")
    if scope.prefecture is None:
        # Whoever is in no préfecture has no figure of their own.
        return redirect(
            "indicators:prefecture_list"
            if scope.sees_all_prefectures
            else "indicators:definition_list"
        )
    asked = list_asked(scope, request.GET, timezone.localdate())
    context = {
        "page": asked.page,
        "filters": asked.filters,
        "downloads": download_links("indicators:figure_export", query=request.GET.urlencode()),
        "document": latest_dashboard(scope),
        "is_validated_only": scope.role == Role.AUDITOR,
    }
    return render(request, "indicators/reading/figure_list.html", context)


@require_safe
@requires(P.INDICATOR_READ)
def prefecture_list(request: HttpRequest) -> HttpResponse:
    """Show an indicator in every préfecture; whoever is in one reads its own list instead."""
    scope = request.scope  # type: ignore[attr-defined]
    if not scope.sees_all_prefectures:
        return redirect("indicators:figure_list")
    context = {
        "asked": prefectures_asked(scope, request.GET),
        "downloads": download_links("indicators:prefecture_export", query=request.GET.urlencode()),
    }
    return render(request, "indicators/reading/prefecture_list.html", context)


@require_safe
@requires(P.INDICATOR_READ)
def figure_detail(request: HttpRequest, code: str) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    visible = Indicator.objects.visible_to(scope).select_related("referential")
    indicator = get_object_or_404(visible, code=code)
    if scope.prefecture is None:
        return redirect("indicators:definition_detail", code)
    measures, today = figures.figures_of(scope), timezone.localdate()
    page = page_for(
        indicator,
        scope,
        measures,
        figures.last_day_known(measures, today),
        place=request.GET.get("lieu", WHOLE),
        whole_history=request.GET.get("periodes") == ALL,
    )
    context = {
        "page": page,
        "downloads": download_links("indicators:points_export", code, query=_place_query(page)),
        "document": latest_sheet(scope, indicator),
        "opened": _opened(page, scope, today),
    }
    return render(request, "indicators/reading/figure_detail.html", context)


@require_safe
@requires(P.INDICATOR_READ, subject=Measure)
def measure_detail(request: HttpRequest, measure: Measure, code: str) -> HttpResponse:
    if measure.indicator.code != code:
        raise Http404
    if request.scope.prefecture is None:  # type: ignore[attr-defined]
        # Names, comments and what was never validated are the préfecture's own.
        return redirect("indicators:definition_detail", code)
    context = {"measure": measure, "provenance": provenance_of(measure)}
    return render(request, "indicators/reading/measure_detail.html", context)


def _opened(page: IndicatorPage, scope: Scope, today: date) -> OpenedActions | None:
    if page.reference is None:
        return None
    return opened_actions(scope, [page.reference], today).get(str(page.reference))


def _place_query(page: IndicatorPage) -> str:
    return urlencode({"lieu": page.place}) if page.place else ""

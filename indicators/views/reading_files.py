"""The figures as files: tables at once, documents through the worker."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from common.spreadsheets import MIME_TYPES
from indicators import sheets
from indicators.models import Indicator
from indicators.selectors import figures
from indicators.selectors.indicator_page import page_for
from indicators.selectors.reading_documents import (
    DASHBOARD,
    SHEET,
    dashboard_subject,
    sheet_subject,
)
from indicators.series import WHOLE
from indicators.views.asked import list_asked, prefectures_asked
from reports.services import request_document


P = Permission


@require_safe
@requires(P.INDICATOR_READ)
def figure_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The list that the filters of the address keep, as a table."""
    scope = request.scope  # type: ignore[attr-defined]
    _check(fmt)
    if scope.prefecture is None:
        return redirect("indicators:definition_list")
    today = timezone.localdate()
    page = list_asked(scope, request.GET, today).page
    table = sheets.table_file(
        "Indicateurs", sheets.LIST_HEADERS, sheets.list_rows(page.lines, fmt), fmt
    )
    name = sheets.file_name("indicateurs", scope.prefecture.slug, day=page.day, fmt=fmt)
    return _file(table, name, fmt)


@require_safe
@requires(P.INDICATOR_READ)
def prefecture_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The indicator that the ministry reads in every préfecture, as a table."""
    scope = request.scope  # type: ignore[attr-defined]
    _check(fmt)
    if not scope.sees_all_prefectures:
        return redirect("indicators:figure_list")
    asked = prefectures_asked(scope, request.GET)
    if asked is None:
        return redirect("indicators:prefecture_list")
    page, today = asked.page, timezone.localdate()
    rows = sheets.prefecture_rows(page, fmt)
    table = sheets.table_file(page.indicator.code, sheets.PREFECTURE_HEADERS, rows, fmt)
    words = [page.indicator.code, "prefectures", *([page.period.code] if page.period else [])]
    return _file(table, sheets.file_name(*words, day=today, fmt=fmt), fmt)


@require_safe
@requires(P.INDICATOR_READ)
def points_export(request: HttpRequest, code: str, fmt: str) -> HttpResponse:
    """Every period of an indicator, as a table."""
    scope = request.scope  # type: ignore[attr-defined]
    _check(fmt)
    indicator = get_object_or_404(Indicator.objects.visible_to(scope), code=code)
    if scope.prefecture is None:
        return redirect("indicators:definition_detail", code)
    measures = figures.figures_of(scope)
    day = figures.last_day_known(measures, timezone.localdate())
    place = request.GET.get("lieu", WHOLE)
    page = page_for(indicator, scope, measures, day, place=place, whole_history=True)
    table = sheets.table_file(code, sheets.POINT_HEADERS, sheets.point_rows(page, fmt), fmt)
    name = sheets.file_name(code, scope.prefecture.slug, day=day, fmt=fmt)
    return _file(table, name, fmt)


@require_POST
@requires(P.DOCUMENT_READ)
def dashboard_request(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    request_document(kind=DASHBOARD, subject_id=dashboard_subject(scope), scope=scope)
    return redirect(f"{reverse('indicators:figure_list')}#document")


@require_POST
@requires(P.DOCUMENT_READ)
def sheet_request(request: HttpRequest, code: str) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    indicator = get_object_or_404(Indicator.objects.visible_to(scope), code=code)
    request_document(kind=SHEET, subject_id=sheet_subject(scope, indicator), scope=scope)
    return redirect(f"{reverse('indicators:figure_detail', args=[code])}#document")


def _check(fmt: str) -> None:
    if fmt not in MIME_TYPES:
        raise Http404


def _file(content: bytes, name: str, fmt: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MIME_TYPES[fmt], headers=headers)

"""Pages of the entry: what is owed, the grid of a period, one row alone."""

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from common.typography import french_spaces, time_in_words
from indicators.enums import MeasureStatus
from indicators.forms.entry import RowForm, row_forms
from indicators.reading.periods import Period
from indicators.registry import computed_sources
from indicators.selectors import entry as selectors
from indicators.series import plausible_period
from indicators.services.entry import Outcome, enter_figures


P = Permission
NOT_YOURS = (
    "Cette mesure n’est pas attendue de vos services, ou ne l’est plus. Rechargez la page ; votre "
    "saisie y sera gardée."
)


@require_safe
@requires(P.INDICATOR_ENTER)
def entry_list(request: HttpRequest) -> HttpResponse:
    """What is owed; ``?periode=2021-T4`` is the chooser of a grid."""
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    asked = request.GET.get("periode", "")
    if asked:
        try:
            return redirect("indicators:entry_grid", plausible_period(asked))
        except ValueError:
            messages.error(request, "Cette période n’existe pas. Choisissez-la dans la liste.")
    context = {
        "lines": selectors.owed_for_page(scope.prefecture, scope, today),
        "choices": selectors.periods_to_choose(today),
        "may_validate": scope.may(P.INDICATOR_VALIDATE),
    }
    return render(request, "indicators/entry/entry_list.html", context)


@require_safe
@requires(P.INDICATOR_ENTER)
def entry_grid(request: HttpRequest, period: Period) -> HttpResponse:
    return _page(request, _grid(request, period))


@require_POST
@requires(P.INDICATOR_ENTER)
def entry_save(request: HttpRequest, period: Period) -> HttpResponse:
    """Save every row that was sent: how the page works without JavaScript."""
    grid = _grid(request, period)
    forms = row_forms(request.POST, grid.rows)
    # « Prendre sa version »: what was typed in that row is given up.
    forms = {key: form for key, form in forms.items() if key != request.POST.get("theirs")}
    errors = {key: form.first_error for key, form in forms.items() if not form.is_valid()}
    typed = {form.slot: form.typed() for key, form in forms.items() if key not in errors}
    outcome = enter_figures(prefecture=grid.prefecture, period=period, typed=typed, by=request.user)
    outcome.refused |= errors
    if not (outcome.refused or outcome.doubted or outcome.conflicts):
        messages.success(request, "Les mesures sont enregistrées.")
        return redirect("indicators:entry_grid", period)
    return _page(request, _with_typed(_grid(request, period), forms, outcome))


@require_POST
@requires(P.INDICATOR_ENTER)
def row_save(request: HttpRequest, period: Period, key: str) -> HttpResponse:
    """Save one row alone; JSON: saved (200), refused or doubted (422). On a conflict, a fragment (409)."""
    grid = _grid(request, period)
    row = grid.row(key)
    if row is None:
        return _refused(NOT_YOURS)
    form = RowForm(request.POST, slot=row.slot)
    if not form.is_valid():
        return _refused(form.first_error)
    outcome = enter_figures(
        prefecture=grid.prefecture, period=period, typed={row.slot: form.typed()}, by=request.user
    )
    if key in outcome.conflicts:
        context = {"row": selectors.GridRow(row.slot, measure=outcome.conflicts[key])}
        page = "indicators/entry/conflict.html"
        return render(request, page, context, status=HTTPStatus.CONFLICT)
    if key in outcome.refused:
        return _refused(outcome.refused[key])
    if key in outcome.doubted:
        return _refused("", [item.sentence for item in outcome.doubted[key]])
    return _saved(selectors.fresh_row(grid.prefecture, period, row.slot))


# --- Inside -----------------------------------------------------------------------------------
def _grid(request: HttpRequest, period: Period) -> selectors.Grid:
    scope = request.scope  # type: ignore[attr-defined]
    return selectors.grid_for_page(scope.prefecture, period, scope)


def _saved(row: selectors.GridRow) -> JsonResponse:
    at = time_in_words(timezone.localtime().time())
    measure = row.measure
    what = "Effacé" if measure is None else "Enregistré"
    return JsonResponse(
        {
            "message": french_spaces(f"{what} à {at}"),
            "revision": row.revision,
            "fields": row.stored,
            "shown": selectors.figure_words(measure) if measure else "",
            "is_done": row.is_done,
        }
    )


def _refused(message: str, doubts: list[str] | None = None) -> JsonResponse:
    told = {
        "message": french_spaces(message),
        "doubts": [french_spaces(item) for item in doubts or []],
    }
    return JsonResponse(told, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _with_typed(
    grid: selectors.Grid, forms: Mapping[str, RowForm], outcome: Outcome
) -> selectors.Grid:
    """Show back what was typed in the rows that are not saved, each with its reason."""
    for row in grid.rows:
        key = row.slot.key
        if key in outcome.saved or key not in forms:
            continue
        row.error = outcome.refused.get(key, "")
        row.doubts = [item.sentence for item in outcome.doubted.get(key, ())]
        row.theirs = key in outcome.conflicts
        if row.is_waiting:
            row.typed = forms[key].as_typed
    return grid


def _page(request: HttpRequest, grid: selectors.Grid) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    context = {
        "grid": grid,
        "period": grid.period,
        "previous": grid.period.previous(),
        "year_before": grid.period.same_last_year(),
        "following": grid.period.next(),
        "choices": selectors.periods_to_choose(today, grid.period),
        "statuses": [(item.value, item.label, key) for item, key in _KEYS],
        "may_validate": scope.may(P.INDICATOR_VALIDATE),
        "has_sources": bool(computed_sources()),
        "page_url": reverse("indicators:entry_grid", args=[grid.period]),
    }
    return render(request, "indicators/entry/entry_grid.html", context)


# One key chooses a status, from any number of the row.
_KEYS = (
    (MeasureStatus.MEASURED, "M"),
    (MeasureStatus.NOT_MEASURED, "N"),
    (MeasureStatus.NOT_APPLICABLE, "S"),
)

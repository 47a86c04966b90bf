"""Acts of the référent on the figures of a period: validate, publish, reopen, remind."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from common.form_tools import attempt
from indicators.enums import MeasureState
from indicators.forms.validation import ReopenForm
from indicators.models import Measure
from indicators.reading.periods import Period
from indicators.selectors import entry as selectors
from indicators.services import computed, reminders, validation


P = Permission
GRID = "indicators:entry_grid"


@require_POST
@requires(P.INDICATOR_VALIDATE)
def period_validate(request: HttpRequest, period: Period) -> HttpResponse:
    """Validate all that is entered for the period."""
    scope = request.scope  # type: ignore[attr-defined]
    grid = selectors.grid_for_page(scope.prefecture, period, scope)
    read = _read_revisions(request, grid.rows)
    done = validation.validate_seen(prefecture=scope.prefecture, revisions=read, by=request.user)
    unseen = len(grid.to_validate) - done
    if done or not unseen:
        _tell(request, done, "validée", "Aucune mesure n’attendait d’être validée.")
    _tell_unseen(request, unseen)
    return redirect(GRID, period)


@require_POST
@requires(P.INDICATOR_VALIDATE)
def period_publish(request: HttpRequest, period: Period) -> HttpResponse:
    """Publish all that is validated for the period."""
    scope = request.scope  # type: ignore[attr-defined]
    grid = selectors.grid_for_page(scope.prefecture, period, scope)
    ids = [measure.pk for measure in grid.to_publish]
    done = validation.publish_measures(
        prefecture=scope.prefecture, measure_ids=ids, by=request.user
    )
    _tell(request, done, "publiée", "Aucune mesure validée n’attendait d’être publiée.")
    return redirect(GRID, period)


@require_POST
@requires(P.INDICATOR_VALIDATE)
def period_recalculate(request: HttpRequest, period: Period) -> HttpResponse:
    """Ask the other parts of the application for the figures that they compute."""
    scope = request.scope  # type: ignore[attr-defined]
    done = computed.recalculate(prefecture=scope.prefecture, period=period, by=request.user)
    _tell(request, done.written, "recalculée", "Aucune mesure calculée ne change.")
    for label in done.failed:
        messages.error(request, f"« {label} » n’a pas pu être calculé : signalez-le.")
    for conflict in done.conflicts:
        messages.warning(request, conflict.sentence)
    return redirect(GRID, period)


@require_POST
@requires(P.INDICATOR_VALIDATE)
def period_remind(request: HttpRequest, period: Period) -> HttpResponse:
    """Write to those who still owe figures of the period."""
    scope = request.scope  # type: ignore[attr-defined]
    leaving = reminders.remind_period(
        prefecture=scope.prefecture, period=period, today=timezone.localdate()
    )
    if leaving:
        mails = "1 rappel part" if leaving == 1 else f"{leaving} rappels partent"
        messages.success(request, f"{mails} par courriel.")
    else:
        messages.info(
            request,
            "Aucun rappel à envoyer : rien ne manque dans les services, ou ceux qui doivent des "
            "mesures ont déjà été relancés aujourd’hui ou n’ont pas d’adresse.",
        )
    return redirect("indicators:entry_list")


@require_POST
@requires(P.INDICATOR_VALIDATE, subject=Measure)
def measure_validate(request: HttpRequest, measure: Measure) -> HttpResponse:
    row = selectors.GridRow(_slot(measure), measure=measure)
    read = _read_revisions(request, [row])
    done = validation.validate_seen(prefecture=measure.prefecture, revisions=read, by=request.user)
    if measure.state == MeasureState.ENTERED:
        _tell_unseen(request, 1 - done)
    return redirect(_row_url(measure))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INDICATOR_VALIDATE, subject=Measure)
def measure_reopen(request: HttpRequest, measure: Measure) -> HttpResponse:
    form = ReopenForm(request.POST or None, cancel_url=_row_url(measure))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: validation.reopen_measure(measure=measure, by=request.user, reason=reason),
        )
        if done is not None:
            messages.success(request, "La mesure est rouverte : elle se modifie dans la grille.")
            return redirect(_row_url(measure))
    context = {
        "form": form,
        "measure": measure,
        "period": Period.from_code(measure.period),
        "back_url": reverse(GRID, args=[measure.period]),
    }
    return render(request, "indicators/entry/reopen.html", context)


def _slot(measure: Measure) -> selectors.Slot:
    return selectors.Slot(measure.indicator, measure.service, measure.site)


def _row_url(measure: Measure) -> str:
    return f"{reverse(GRID, args=[measure.period])}#ligne-{_slot(measure).key}"


def _read_revisions(request: HttpRequest, rows: Iterable[selectors.GridRow]) -> dict[int, int]:
    """Return what the page showed (« 12-p:3 »: slot and revision), by key of the figure."""
    seen = frozenset(request.POST.get("seen", "").split())
    return {
        row.measure.pk: row.revision for row in rows if row.measure is not None and row.seen in seen
    }


def _tell_unseen(request: HttpRequest, count: int) -> None:
    if count == 1:
        messages.warning(
            request,
            "Une mesure a changé depuis que la page est affichée : elle n’est pas validée. Relisez-la, "
            "puis validez-la.",
        )
    elif count > 1:
        messages.warning(
            request,
            f"{count} mesures ont changé depuis que la page est affichée : elles ne sont pas validées. "
            "Relisez-les, puis validez-les.",
        )


def _tell(request: HttpRequest, done: int, participle: str, nothing: str) -> None:
    if done == 0:
        messages.info(request, nothing)
    elif done == 1:
        messages.success(request, f"1 mesure est {participle}.")
    else:
        messages.success(request, f"{done} mesures sont {participle}s.")

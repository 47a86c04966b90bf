"""Pages of a grid: fill it, one row alone, hand it in, review it, remind its service."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from common.history import history_entries
from common.typography import french_spaces, time_in_words
from modules.enums import SheetState
from modules.forms.assessment_rows import RowForm, row_forms
from modules.forms.assessments import DeadlineForm, SendBackForm
from modules.models import AssessmentRow, AssessmentSheet
from modules.rules.assessments import RowFilter
from modules.selectors import assessment_grids as grids
from modules.services import assessment_reminders as reminders
from modules.services import assessment_review as review
from modules.services import assessment_rows as answers
from modules.services import assessments as services
from modules.views.assessment_gates import may_fill, require_fill


FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = "modules:sheet_detail"
CAMPAIGN = "modules:assessment_detail"


# --- The grid ---------------------------------------------------------------------------------
@require_safe
@requires(Permission.ASSESSMENT_READ, subject=AssessmentSheet)
def sheet_detail(request: HttpRequest, sheet: AssessmentSheet) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    return _page(request, grids.grid_for_page(grids.sheet_for_page(sheet), scope))


@require_POST
@requires(Permission.ASSESSMENT_FILL, subject=AssessmentSheet)
def sheet_save(request: HttpRequest, sheet: AssessmentSheet) -> HttpResponse:
    """Save every row that was sent: how the page works without JavaScript."""
    require_fill(request, sheet)
    scope = request.scope  # type: ignore[attr-defined]
    grid = grids.grid_for_page(grids.sheet_for_page(sheet), scope)
    forms = row_forms(request.POST, [item.row.pk for item in grid.rows])
    errors = {pk: form.first_error for pk, form in forms.items() if not form.is_valid()}
    # « Prendre sa version »: what was typed in that row is given up.
    given_up = request.POST.get("theirs", "")
    wanted = {
        pk: form.values() for pk, form in forms.items() if pk not in errors and str(pk) != given_up
    }
    try:
        refused, conflicts = answers.save_rows(sheet=sheet, wanted=wanted, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(PAGE, sheet.pk)
    errors |= refused
    if not errors and not conflicts:
        messages.success(request, "Les réponses sont enregistrées.")
        return redirect(_filtered_url(request, sheet))
    typed = {pk: forms[pk].typed for pk in (*errors, *conflicts)}
    fresh = grids.grid_for_page(grids.sheet_for_page(sheet), scope)
    told = {pk: grids.conflict_of(row) for pk, row in conflicts.items()}
    return _page(request, grids.with_typed(fresh, typed, errors, told))


@require_POST
@requires(Permission.ASSESSMENT_FILL, subject=AssessmentSheet)
def row_save(request: HttpRequest, sheet: AssessmentSheet, row_pk: int) -> HttpResponse:
    """Save one row alone; JSON when saved (200) or refused (422), a fragment on a conflict (409)."""
    require_fill(request, sheet)
    form = RowForm(request.POST)
    if not form.is_valid():
        return _refused(form.first_error)
    try:
        row = answers.save_row(row=_own_row(sheet, row_pk), by=request.user, **form.values())
    except answers.StaleRowError as conflict:
        context = {"conflict": grids.conflict_of(conflict.row)}
        return render(
            request, "modules/assessments/conflict.html", context, status=HTTPStatus.CONFLICT
        )
    except ValidationError as refusal:
        return _refused(" ".join(refusal.messages))
    at = time_in_words(timezone.localtime().time())
    return JsonResponse(
        {
            "message": french_spaces(f"Enregistré à {at}"),
            "revision": row.revision,
            "maturity": str(row.maturity or ""),
            "needs_review": row.needs_review,
        }
    )


@require_safe
@requires(Permission.ASSESSMENT_READ_PRIVATE, subject=AssessmentSheet)
def row_history(request: HttpRequest, sheet: AssessmentSheet, row_pk: int) -> HttpResponse:
    """Who changed the row and how; it quotes private remarks, hence its gate."""
    sheet = grids.sheet_for_page(sheet)
    row = _own_row(sheet, row_pk)
    context = {"sheet": sheet, "row": row, "entries": grids.row_history(row)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "modules/assessments/row_history_fragment.html", context)
    return render(request, "modules/assessments/row_history.html", context)


# --- Its life ---------------------------------------------------------------------------------
@require_POST
@requires(Permission.ASSESSMENT_FILL, subject=AssessmentSheet)
def sheet_submit(request: HttpRequest, sheet: AssessmentSheet) -> HttpResponse:
    require_fill(request, sheet)
    try:
        review.submit_sheet(sheet=sheet, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(f"{reverse(PAGE, args=[sheet.pk])}#transmettre")
    messages.success(request, "La grille est transmise au référent qualité.")
    return redirect(PAGE, sheet.pk)


@require_http_methods(FORM_METHODS)
@requires(Permission.ASSESSMENT_REVIEW, subject=AssessmentSheet)
def sheet_review(request: HttpRequest, sheet: AssessmentSheet) -> HttpResponse:
    """Accept (``decision=accept``), or send back with a reason; an accepted one is reopened."""
    if request.method == "POST" and request.POST.get("decision") == "accept":
        return _accept(request, sheet)
    sheet = grids.sheet_for_page(sheet)
    label = "Rouvrir" if sheet.state == SheetState.ACCEPTED else "Renvoyer"
    form = SendBackForm(
        request.POST if request.method == "POST" else None,
        sheet=sheet,
        label=f"{label} la grille",
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form, lambda: review.send_back_sheet(sheet=sheet, by=request.user, reason=reason)
        )
        if done is not None:
            messages.success(request, f"La grille est renvoyée : {sheet.service}.")
            return redirect(CAMPAIGN, sheet.assessment_id)
    context = {"form": form, "sheet": sheet, "title": f"{label} la grille"}
    return render(request, "modules/assessments/sheet_form.html", context)


def _accept(request: HttpRequest, sheet: AssessmentSheet) -> HttpResponse:
    try:
        review.accept_sheet(sheet=sheet, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(PAGE, sheet.pk)
    messages.success(request, f"La grille est acceptée : {sheet.service}.")
    return redirect(CAMPAIGN, sheet.assessment_id)


@require_http_methods(FORM_METHODS)
@requires(Permission.ASSESSMENT_REVIEW, subject=AssessmentSheet)
def sheet_deadline(request: HttpRequest, sheet: AssessmentSheet) -> HttpResponse:
    sheet = grids.sheet_for_page(sheet)
    form = DeadlineForm(request.POST if request.method == "POST" else None, instance=sheet)
    if request.method == "POST" and form.is_valid():
        due_on = form.cleaned_data["due_on"]
        done = attempt(form, lambda: services.set_sheet_deadline(sheet=sheet, due_on=due_on))
        if done is not None:
            messages.success(request, f"La date limite est enregistrée : {sheet.service}.")
            return redirect(CAMPAIGN, sheet.assessment_id)
    context = {"form": form, "sheet": sheet, "title": "Changer la date limite"}
    return render(request, "modules/assessments/sheet_form.html", context)


@require_POST
@requires(Permission.ASSESSMENT_REVIEW, subject=AssessmentSheet)
def sheet_remind(request: HttpRequest, sheet: AssessmentSheet) -> HttpResponse:
    try:
        reminders.remind_sheet(sheet=sheet, today=timezone.localdate())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Le rappel part par courriel : {sheet.service}.")
    return redirect(CAMPAIGN, sheet.assessment_id)


# --- Inside -----------------------------------------------------------------------------------
def _own_row(sheet: AssessmentSheet, pk: int) -> AssessmentRow:
    row = grids.row_of_sheet(sheet, pk)
    if row is None:
        raise Http404
    return row


def _refused(message: str) -> JsonResponse:
    return JsonResponse({"message": french_spaces(message)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _filter_of(request: HttpRequest) -> str:
    asked = request.GET.get("montrer") or request.POST.get("montrer") or ""
    return asked if asked in RowFilter else ""


def _filtered_url(request: HttpRequest, sheet: AssessmentSheet) -> str:
    only, url = _filter_of(request), reverse(PAGE, args=[sheet.pk])
    return f"{url}?montrer={only}" if only else url


def _page(request: HttpRequest, grid: grids.Grid) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    sheet = grid.sheet
    answers_for_it = may_fill(scope, sheet)
    context: dict[str, Any] = {
        "grid": grid,
        "sheet": sheet,
        "cycle": sheet.assessment.cycle,
        "only": _filter_of(request),
        "may_edit": answers_for_it and not grid.locked,
        "answers_for_it": answers_for_it,
        "with_private": scope.may(Permission.ASSESSMENT_READ_PRIVATE),
        "may_join": scope.may(Permission.EVIDENCE_EDIT) and answers_for_it,
        "results": grids.RESULT_CHOICES,
        "maturities": grids.MATURITY_CHOICES,
        "today": timezone.localdate(),
        "history": history_entries(sheet) if scope.may(Permission.ASSESSMENT_READ_PRIVATE) else [],
    }
    return render(request, "modules/assessments/sheet.html", context)

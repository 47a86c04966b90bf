"""Workbooks of figures: handing one in, looking at what it changes, answering, applying, undoing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, Scope, requires
from indicators.enums import ImportState
from indicators.forms.imports import AnswersForm, DecisionForm, MeasureFileForm, RowFilterForm
from indicators.import_plan import Plan
from indicators.import_remarks import remarks_on_periods
from indicators.models import MeasureImport
from indicators.selectors import imports as selectors
from indicators.services import imports as services
from indicators.services.import_undo import told_undone, undo_import
from modules.views.files import serve


P = Permission
PER_PAGE, FILES_PER_PAGE, LATEST = 60, 30, 5


# --- Handing in -------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INDICATOR_ENTER)
def import_create(request: HttpRequest) -> HttpResponse:
    scope: Scope = request.scope
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = MeasureFileForm(*data, cancel_url=reverse("indicators:import_list"))
    if form.is_valid():
        file = form.cleaned_data["file"]
        imported = services.receive_file(
            prefecture=scope.prefecture, file_name=file.name, data=file.read(), by=request.user
        )
        return redirect("indicators:import_detail", imported.pk)
    context = {"form": form, "imports": selectors.latest_imports(scope)[:LATEST]}
    return render(request, "indicators/imports/create.html", context)


@require_safe
@requires(P.INDICATOR_ENTER)
def import_list(request: HttpRequest) -> HttpResponse:
    rows = selectors.latest_imports(request.scope)
    page = Paginator(rows, FILES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "indicators/imports/list.html", {"page": page})


# --- Looking ----------------------------------------------------------------------------------
@require_safe
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_detail(request: HttpRequest, imported: MeasureImport) -> HttpResponse:
    return _page(request, imported)


@require_safe
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_progress(request: HttpRequest, imported: MeasureImport) -> HttpResponse:
    """The fragment that the page asks for while a worker reads."""
    context = {"imported": imported, "is_slow": selectors.is_slow(imported, timezone.now())}
    response = render(request, "indicators/imports/progress.html", context)
    if imported.state != ImportState.READING:
        response["HX-Redirect"] = _url(imported)
    return response


@require_safe
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_file(request: HttpRequest, imported: MeasureImport) -> FileResponse:
    if imported.stored is None:
        raise Http404
    return serve(imported.stored)


def _page(request: HttpRequest, imported: MeasureImport, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {"imported": imported}
    if imported.state == ImportState.PREVIEW:
        plan = selectors.plan_now(imported, selectors.service_ids_of(request.scope))
        context |= _preview(request, imported, plan) | _rows(request, plan) | forms
    elif imported.state == ImportState.FAILED:
        context["refusals"] = selectors.left_cells(imported)
    elif imported.state in (ImportState.APPLIED, ImportState.UNDONE):
        context |= _rows(request, selectors.done_plan(imported))
        context["undone"] = told_undone(imported)
    status = 200 if not forms else 422
    return render(request, "indicators/imports/detail.html", context, status=status)


def _rows(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    filters = RowFilterForm(request.GET, sheets=selectors.sheets_of(plan))
    rows = selectors.filtered(plan, **filters.wanted())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "plan": plan,
        "counts": selectors.effect_counts(plan),
        "filters": filters,
        "is_filtered": any(filters.wanted().values()),
        "page": page,
        "sheets": selectors.by_sheet(page.object_list),
    }


def _preview(request: HttpRequest, imported: MeasureImport, plan: Plan) -> dict[str, Any]:
    return {
        "answers": _answers(imported),
        "decision": _decision(request, plan),
        "applied_before": services.applied_before(imported),
        "remarks": remarks_on_periods(plan.rows),
    }


def _answers(imported: MeasureImport, data: Any = None) -> AnswersForm:
    return AnswersForm(
        data,
        questions=selectors.questions_of(imported),
        labels=selectors.understood_labels(imported),
        choices=selectors.answer_choices(imported.prefecture, timezone.localdate()),
    )


def _decision(request: HttpRequest, plan: Plan, data: Any = None) -> DecisionForm:
    may_reopen = request.scope.may(P.INDICATOR_VALIDATE)
    return DecisionForm(data, plan=plan, may_reopen=may_reopen)


# --- Acting -----------------------------------------------------------------------------------
@require_POST
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_answer(request: HttpRequest, imported: MeasureImport) -> HttpResponse:
    if imported.state != ImportState.PREVIEW:
        return redirect(_url(imported))
    form = _answers(imported, request.POST)
    if not form.is_valid():
        return _page(request, imported, answers=form)
    return _act(
        request,
        imported,
        lambda: services.answer_questions(
            imported=imported, answers=form.answers(), by=request.user
        ),
        "Vos réponses sont retenues : le classeur est relu avec elles.",
    )


@require_POST
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_apply(request: HttpRequest, imported: MeasureImport) -> HttpResponse:
    if imported.state != ImportState.PREVIEW:
        messages.info(request, f"Rien à faire : cet import est « {imported.get_state_display()} ».")
        return redirect(_url(imported))
    service_ids = selectors.service_ids_of(request.scope)
    form = _decision(request, selectors.plan_now(imported, service_ids), request.POST)
    if not form.is_valid():
        return _page(request, imported, decision=form)
    try:
        done = services.apply_import(
            imported=imported,
            decision=form.decision(),
            fingerprint=request.POST.get("fingerprint", ""),
            service_ids=service_ids,
            by=request.user,
        )
    except services.ImportRefusedError as refusal:
        form.refuse(refusal.problems)
        return _page(request, imported, decision=form)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, services.told_applied(done))
    return redirect(_url(imported))


@require_POST
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_resume(request: HttpRequest, imported: MeasureImport) -> HttpResponse:
    """Read at once what no worker read."""
    return _act(request, imported, lambda: services.resume(imported=imported))


@require_POST
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_drop(request: HttpRequest, imported: MeasureImport) -> HttpResponse:
    return _act(
        request,
        imported,
        lambda: services.drop_import(imported=imported),
        "L’import est abandonné : aucune mesure n’a changé.",
    )


@require_POST
@requires(P.INDICATOR_ENTER, subject=MeasureImport)
def import_undo(request: HttpRequest, imported: MeasureImport) -> HttpResponse:
    return _act(
        request,
        imported,
        lambda: undo_import(imported=imported, by=request.user),
        "L’import est annulé : ce qui est rendu est dit ci-dessous.",
    )


def _act(
    request: HttpRequest, imported: MeasureImport, write: Callable[[], Any], done: str = ""
) -> HttpResponse:
    """Call a service for a button; what is refused is told on the page of the import."""
    try:
        write()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if done:
            messages.success(request, done)
    return redirect(_url(imported))


def _url(imported: MeasureImport) -> str:
    return reverse("indicators:import_detail", args=[imported.pk])

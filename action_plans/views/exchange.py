"""The plan as a file: exporting it, handing one in, looking at what it changes, applying, undoing."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from action_plans.exchange.outcome import fingerprint_of
from action_plans.exchange.writing import write_plan
from action_plans.forms.exchange import PlanFileForm
from action_plans.forms.filters import ActionFilterForm
from action_plans.models import ActionImport
from action_plans.selectors import imports as selectors
from action_plans.selectors.actions import actions_for_list
from action_plans.selectors.exchange import plan_of
from action_plans.services import imports as services
from action_plans.services.import_undo import undo_import
from common.spreadsheets import MIME_TYPES


P = Permission
PER_PAGE = 50


@require_safe
@requires(P.ACTION_READ)
def action_export(request: HttpRequest, fmt: str) -> HttpResponse:
    """The actions that answer the filters of the list, given in the address."""
    scope = request.scope
    if fmt not in MIME_TYPES or scope.prefecture is None:
        raise Http404
    day = timezone.localdate()
    filters = ActionFilterForm(request.GET, scope=scope, today=day)
    rows = filters.apply(actions_for_list(scope))
    plan = plan_of(scope.prefecture, rows, scope)
    content = write_plan(plan, fmt, with_private=scope.may(P.ACTION_REPORT))
    name = f"plan-actions-{scope.prefecture.slug}-{day:%Y-%m-%d}.{fmt}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MIME_TYPES[fmt], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ACTION_EDIT)
def import_create(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PlanFileForm(*data, cancel_url=selectors.list_url())
    if form.is_valid():
        file = form.cleaned_data["file"]
        imported = services.receive_file(
            prefecture=scope.prefecture, file_name=file.name, data=file.read(), by=request.user
        )
        if not imported.message:
            return redirect("action_plans:import_detail", imported.pk)
        form.add_error("file", imported.message)
    context = {"form": form, "imports": selectors.latest_imports(scope)}
    return render(request, "action_plans/exchange/import_create.html", context)


@require_safe
@requires(P.ACTION_EDIT, subject=ActionImport)
def import_detail(request: HttpRequest, imported: ActionImport) -> HttpResponse:
    page = selectors.import_page(imported)
    rows = Paginator(page.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "imported": imported,
        "facts": page,
        "page": rows,
        "fingerprint": fingerprint_of(imported.outcome),
    }
    return render(request, "action_plans/exchange/import_detail.html", context)


@require_safe
@requires(P.ACTION_EDIT, subject=ActionImport)
def import_progress(request: HttpRequest, imported: ActionImport) -> HttpResponse:
    """The fragment that the page asks for while a worker reads or writes."""
    context = {"imported": imported, "is_slow": selectors.is_slow(imported, timezone.now())}
    response = render(request, "action_plans/exchange/import_progress.html", context)
    if not imported.current_state.is_working:
        response["HX-Redirect"] = _url(imported)
    return response


def _url(imported: ActionImport) -> str:
    return reverse("action_plans:import_detail", args=[imported.pk])


def _act(
    request: HttpRequest,
    imported: ActionImport,
    write: Callable[[], ActionImport],
    done: Callable[[ActionImport], str],
) -> HttpResponse:
    """Call a service for a button; what is refused is told on the page of the import."""
    try:
        written = write()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if text := done(written):
            messages.success(request, text)
    return redirect(_url(imported))


@require_POST
@requires(P.ACTION_EDIT, subject=ActionImport)
def import_apply(request: HttpRequest, imported: ActionImport) -> HttpResponse:
    mark = request.POST.get("fingerprint", "")
    return _act(
        request,
        imported,
        lambda: services.ask_to_apply(imported=imported, fingerprint=mark),
        selectors.told_applied,
    )


@require_POST
@requires(P.ACTION_EDIT, subject=ActionImport)
def import_cancel(request: HttpRequest, imported: ActionImport) -> HttpResponse:
    return _act(
        request,
        imported,
        lambda: services.cancel_import(imported=imported),
        lambda _: "L’import est abandonné : le plan n’a pas changé.",
    )


@require_POST
@requires(P.ACTION_EDIT, subject=ActionImport)
def import_undo(request: HttpRequest, imported: ActionImport) -> HttpResponse:
    return _act(
        request,
        imported,
        lambda: undo_import(imported=imported, by=request.user),
        selectors.told_undone,
    )


@require_POST
@requires(P.ACTION_EDIT, subject=ActionImport)
def import_resume(request: HttpRequest, imported: ActionImport) -> HttpResponse:
    """Do at once what no worker did."""
    return _act(
        request, imported, lambda: services.resume(imported=imported), selectors.told_applied
    )

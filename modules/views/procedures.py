"""Pages of the procedure sheets: list, one of them, what it is about, who has read it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from accounts.models import Service
from common.form_tools import attempt
from common.history import history_entries
from common.markdown import render_markdown
from modules.forms.procedures import (
    CommitmentsForm,
    CompareForm,
    ProcedureFilterForm,
    ProcedureForm,
    sheet_url,
)
from modules.models import Procedure, ProcedureVersion
from modules.selectors import procedures as selectors
from modules.selectors.procedure_texts import comparison_of
from modules.services import procedures as services
from modules.views.files import serve
from modules.views.undo import Removal, redirect_with_undo, undo_from


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]
PER_PAGE = 50
HEADING_LEVEL = 3
NOT_YOURS = (
    "Cette fiche est celle d’un autre service : son responsable, un correspondant de ce service ou le "
    "référent qualité l’écrivent."
)


def kept_sheet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 for a sheet taken off the pages. Stands under ``@requires(…, subject=Procedure)``."""

    @wraps(view)
    def shown(request: HttpRequest, procedure: Procedure, *args: Any, **kwargs: Any) -> Any:
        if procedure.removed_at is not None:
            raise Http404
        return view(request, procedure, *args, **kwargs)

    return shown


def written_by_reader(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send who may not write this sheet back to its page, with the reason; 404 as ``kept_sheet``."""

    @wraps(view)
    def written(request: HttpRequest, procedure: Procedure, *args: Any, **kwargs: Any) -> Any:
        scope = request.scope  # type: ignore[attr-defined]
        if not selectors.may_write(procedure, scope):
            messages.error(request, NOT_YOURS)
            return redirect(sheet_url(procedure))
        return view(request, procedure, *args, **kwargs)

    return kept_sheet(written)


def act(
    request: HttpRequest, procedure: Procedure, write: Callable[[], object], done: str
) -> HttpResponse:
    """Call a service for a button; what is refused is told on the page of the sheet."""
    try:
        write()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect(sheet_url(procedure))


# --- List -------------------------------------------------------------------------------------
@require_safe
@requires(P.PROCEDURE_READ)
def procedure_list(request: HttpRequest) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    filters = ProcedureFilterForm(request.GET, scope=scope, today=today)
    rows = filters.apply(selectors.procedures_for_list(scope))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    waiting = list(selectors.procedures_to_read(scope).values_list("pk", flat=True))
    removal = Removal(
        Procedure.objects.visible_to(scope).order_by("pk"),
        lambda row: reverse("modules:procedure_restore", args=[row.pk]),
        "La fiche « {} » est retirée.",
    )
    context = {
        "cycle": selectors.present_cycle(scope),
        "page": page,
        "lines": selectors.lines_of(page.object_list, waiting, today),
        "waiting_count": len(waiting),
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "undo": undo_from(request, {"fiche": removal}),
    }
    return render(request, "modules/procedures/procedure_list.html", context)


# --- One sheet --------------------------------------------------------------------------------
@require_safe
@requires(P.PROCEDURE_READ, subject=Procedure)
@kept_sheet
def procedure_detail(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """``?version=2`` shows that version; else the one in force, else the newest that may be read."""
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    versions = list(selectors.versions_for(procedure, scope))
    shown = _wanted(versions, request.GET.get("version", ""), procedure)
    opened = next((item for item in versions if item.state in selectors.OPEN), None)
    sees_drafts = selectors.sees_drafts(scope)
    context = {
        "procedure": procedure,
        "version": shown,
        "html": render_markdown(shown.text, heading_level=HEADING_LEVEL) if shown else "",
        "versions": versions,
        "opened": opened,
        "may_write": selectors.may_write(procedure, scope),
        "is_review_due": selectors.is_review_due(procedure.review_on, today),
        "commitments": list(selectors.commitments_of(procedure)),
        "readings": selectors.readings_of(procedure, today),
        "to_attest": selectors.services_to_attest(procedure, scope),
        # The history tells what drafts said: it is for who sees them.
        "history": history_entries(procedure, children=[(ProcedureVersion, "procedure")])
        if sees_drafts
        else None,
    }
    return render(request, "modules/procedures/procedure_detail.html", context)


def _wanted(
    versions: list[ProcedureVersion], number: str, procedure: Procedure
) -> ProcedureVersion | None:
    if number:
        found = [item for item in versions if str(item.number) == number]
        if not found:
            raise Http404
        return found[0]
    in_force = [item for item in versions if item.pk == procedure.approved_id]
    return next(iter([*in_force, *versions]), None)


@require_safe
@requires(P.PROCEDURE_READ, subject=Procedure)
@kept_sheet
def procedure_compare(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """``?de=1&a=2``; without them, the two newest that the reader may read."""
    versions = list(selectors.versions_for(procedure, request.scope))  # type: ignore[attr-defined]
    newest, former = (versions * 2)[:2] if versions else (None, None)
    default = {"de": former.number, "a": newest.number} if newest and former else {}
    asked = {name: request.GET.get(name, default.get(name)) for name in ("de", "a")}
    form = CompareForm(asked, versions=versions)
    comparison = None
    if form.is_valid():
        by_number = {item.number: item for item in versions}
        comparison = comparison_of(
            by_number[form.cleaned_data["de"]], by_number[form.cleaned_data["a"]]
        )
    context = {"procedure": procedure, "form": form, "comparison": comparison}
    return render(request, "modules/procedures/procedure_compare.html", context)


@require_safe
@requires(P.PROCEDURE_READ, subject=Procedure)
@kept_sheet
def procedure_file(request: HttpRequest, procedure: Procedure, number: int) -> HttpResponseBase:
    """The file of a version that the reader may read."""
    versions = selectors.versions_for(procedure, request.scope)  # type: ignore[attr-defined]
    version = get_object_or_404(versions, number=number)
    if version.stored is None:
        messages.error(request, "Cette version n’a pas de fichier.")
        return redirect(sheet_url(procedure))
    return serve(version.stored)


@require_POST
@requires(P.PROCEDURE_ACKNOWLEDGE, subject=Procedure)
@kept_sheet
def procedure_acknowledge(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    service = Service.objects.visible_to(scope).filter(pk=_number(request, "service")).first()
    if service is None:
        messages.error(request, "Choisissez le service pour lequel vous attestez la lecture.")
        return redirect(sheet_url(procedure))
    return act(
        request,
        procedure,
        lambda: services.acknowledge_procedure(
            procedure=procedure, service=service, number=_number(request, "version"), scope=scope
        ),
        f"Votre lecture est enregistrée pour « {service} ».",
    )


def _number(request: HttpRequest, name: str) -> int:
    """Read a number sent by a form; 0 for what is not one."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


# --- What it is about -------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.PROCEDURE_EDIT)
def procedure_create(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    service = min(scope.service_ids) if len(scope.service_ids) == 1 else None
    form = ProcedureForm(
        request.POST or None,
        instance=Procedure(prefecture=scope.prefecture),
        initial={
            "reference": selectors.proposed_reference(scope.prefecture),
            "owner": scope.user,
            "service": service,
        },
        prefecture=scope.prefecture,
        cancel_url=reverse("modules:procedure_list"),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.create_procedure(
                prefecture=scope.prefecture, values=form.values(), by=scope.user
            ),
        )
        if made is not None:
            messages.success(request, f"La fiche {made.reference} est créée. Écrivez-la.")
            return redirect("modules:procedure_write", made.pk)
    context = {
        "form": form,
        "title": "Créer une fiche de procédure",
        "lead": "Son objet et ses lecteurs ; son texte, ou son fichier, vient à la page suivante.",
    }
    return render(request, "modules/procedures/form.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_edit(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    lead = str(procedure)
    form = ProcedureForm(
        request.POST or None,
        instance=procedure,
        prefecture=procedure.prefecture,
        cancel_url=sheet_url(procedure),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: services.update_procedure(procedure=procedure, values=form.values())
        )
        if done is not None:
            messages.success(request, "La fiche est enregistrée.")
            return redirect(sheet_url(procedure))
    context = {"form": form, "procedure": procedure, "title": "Modifier la fiche", "lead": lead}
    return render(request, "modules/procedures/form.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_commitments(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    form = CommitmentsForm(
        request.POST or None,
        procedure=procedure,
        commitments=selectors.commitments_to_choose(procedure, scope),
        served={item.pk for item in selectors.commitments_of(procedure)},
    )
    if request.method == "POST" and form.is_valid():
        services.choose_commitments(procedure=procedure, commitments=form.chosen())
        messages.success(request, "Les engagements servis sont enregistrés.")
        return redirect(sheet_url(procedure))
    context = {
        "form": form,
        "procedure": procedure,
        "title": "Engagements servis",
        "lead": f"Cochez ce que la fiche {procedure.reference} aide à tenir.",
    }
    return render(request, "modules/procedures/form.html", context)


@require_POST
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_remove(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    services.remove_procedure(procedure=procedure)
    return redirect_with_undo(reverse("modules:procedure_list"), "fiche", procedure)


@require_POST
@requires(P.PROCEDURE_EDIT, subject=Procedure)
def procedure_restore(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    if not selectors.may_write(procedure, request.scope):  # type: ignore[attr-defined]
        messages.error(request, NOT_YOURS)
        return redirect("modules:procedure_list")
    try:
        services.restore_procedure(procedure=procedure)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("modules:procedure_list")
    messages.success(request, "La fiche est rétablie.")
    return redirect(sheet_url(procedure))

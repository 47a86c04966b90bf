"""Composition files: choosing one, looking at what it would change, applying it; downloads."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.spreadsheets import MIME_TYPES, UnreadableFileError
from meetings.composition_files import EXAMPLE_ROWS, write_composition
from meetings.enums import ImportRowState, ImportState
from meetings.errors import ConflictError
from meetings.forms.committees import CompositionFileForm
from meetings.models import Committee, CompositionImport
from meetings.selectors.composition import composition_rows
from meetings.services import imports as services
from meetings.views.gates import refused_to


COMPOSITION = "meetings:composition"
TEMPLATE_FORMATS = ("ods", "csv")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.COMMITTEE_EDIT, subject=Committee)
def import_create(request: HttpRequest, committee: Committee) -> HttpResponse:
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = CompositionFileForm(*data, cancel_url=reverse(COMPOSITION, args=[committee.slug]))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            imported, ignored = services.store_import(
                committee=committee,
                file_name=file.name,
                data=file.read(),
                by=request.user,  # type: ignore[arg-type]
            )
        except UnreadableFileError as error:
            form.add_error("file", error.message)
        else:
            if ignored:
                titles = ", ".join(f"« {title} »" for title in ignored[:10])
                messages.info(request, f"Colonnes laissées de côté : {titles}.")
            return redirect("meetings:import_preview", committee.slug, imported.pk)
    context = {"form": form, "committee": committee}
    return render(request, "meetings/import_create.html", context)


@require_safe
@requires(Permission.COMMITTEE_EDIT, subject=Committee)
def import_preview(request: HttpRequest, committee: Committee, import_pk: int) -> HttpResponse:
    imported = _import_of(committee, import_pk)
    is_pending = imported.state == ImportState.PENDING
    plan = services.plan_of(imported) if is_pending else None
    context = {
        "committee": committee,
        "imported": imported,
        "state": ImportState(imported.state),
        "plan": plan,
        "counts": [(state, plan.count(state)) for state in ImportRowState] if plan else [],
    }
    return render(request, "meetings/import_preview.html", context)


@require_POST
@requires(Permission.COMMITTEE_EDIT, subject=Committee)
@refused_to(COMPOSITION)
def import_apply(request: HttpRequest, committee: Committee, import_pk: int) -> HttpResponse:
    imported = _import_of(committee, import_pk)
    try:
        plan = services.apply_import(
            imported=imported, fingerprint=request.POST.get("fingerprint", "")
        )
    except ConflictError as conflict:
        messages.warning(request, conflict.message)
        return redirect("meetings:import_preview", committee.slug, import_pk)
    if plan is None:
        messages.info(
            request, f"Le fichier « {imported.file_name} » est déjà importé : rien n’a changé."
        )
    else:
        messages.success(request, services.told(plan, imported.file_name))
    return redirect(COMPOSITION, committee.slug)


@require_POST
@requires(Permission.COMMITTEE_EDIT, subject=Committee)
@refused_to(COMPOSITION)
def import_cancel(request: HttpRequest, committee: Committee, import_pk: int) -> HttpResponse:
    services.cancel_import(imported=_import_of(committee, import_pk))
    messages.success(request, "L’import est abandonné : la composition n’a pas changé.")
    return redirect(COMPOSITION, committee.slug)


@require_safe
@requires(Permission.COMMITTEE_EDIT, subject=Committee)
def import_template(request: HttpRequest, committee: Committee, fmt: str) -> HttpResponse:
    if fmt not in TEMPLATE_FORMATS:
        raise Http404
    content = write_composition("Composition", EXAMPLE_ROWS, fmt)
    return _download(content, f"modele-composition.{fmt}", fmt)


@require_safe
@requires(Permission.COMMITTEE_READ, subject=Committee)
def composition_export(request: HttpRequest, committee: Committee, fmt: str) -> HttpResponse:
    if fmt not in MIME_TYPES:
        raise Http404
    content = write_composition("Composition", composition_rows(committee), fmt)
    return _download(content, f"composition-{committee.slug}.{fmt}", fmt)


def _download(content: bytes, name: str, fmt: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=MIME_TYPES[fmt], headers=headers)


def _import_of(committee: Committee, pk: int) -> CompositionImport:
    imported: CompositionImport = get_object_or_404(committee.imports.all(), pk=pk)
    return imported

"""Writing a procedure sheet, and the life of its versions."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from common.form_tools import attempt, one_line
from common.markdown import clean_pasted_text
from common.typography import time_in_words
from modules.enums import ProcedureState
from modules.forms.deliverables import SendBackForm
from modules.forms.procedures import ApproveForm, UploadForm, sheet_url
from modules.models import Procedure, ProcedureVersion
from modules.selectors.procedure_texts import Conflict, comparison_of, conflict_of
from modules.selectors.procedures import open_version
from modules.services import procedures as services
from modules.services.procedures import TextConflictError
from modules.views.procedures import FORM_METHODS, act, kept_sheet, written_by_reader


P = Permission
NOTE_LENGTH = 300


def write_url(procedure: Procedure) -> str:
    """Return the address of the writing page."""
    return reverse("modules:procedure_write", args=[procedure.pk])


# --- Writing ----------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_write(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """The draft and its text; sending the page saves it whole, and submits it when asked."""
    draft = open_version(procedure)
    if draft is None or draft.state != ProcedureState.DRAFT:
        messages.info(request, "Aucun brouillon : préparez une nouvelle version pour l’écrire.")
        return redirect(sheet_url(procedure))
    if request.method != "POST":
        return _writing_page(request, draft, {"text": draft.text, "revision": draft.revision})
    typed = clean_pasted_text(request.POST.get("texte-fiche", draft.text))
    choice = request.POST.get("choix-fiche", "")
    note = one_line(request.POST.get("change_note", draft.change_note))[:NOTE_LENGTH]
    if choice == "theirs":
        return redirect(write_url(procedure))
    read = _number(request, "base-fiche" if choice == "both" else "revision-fiche")
    try:
        services.save_text(procedure=procedure, text=typed, revision=read, change_note=note)
    except TextConflictError as refusal:
        conflict = conflict_of(refusal.version, refusal.base, typed, read)
        shown = {"text": typed, "revision": conflict.revision, "change_note": note}
        if choice == "both":
            joined = {**shown, "text": conflict.joined.text}
            messages.info(request, "Les deux textes sont réunis : relisez-les, puis enregistrez.")
            return _writing_page(request, draft, joined)
        return _writing_page(request, draft, shown, conflict)
    except ValidationError as refusal:
        error = " ".join(refusal.messages)
        shown = {"text": typed, "revision": read, "change_note": note, "error": error}
        return _writing_page(request, draft, shown)
    if request.POST.get("suite") == "soumettre":
        return _submit(request, procedure)
    messages.success(request, f"Texte enregistré à {_now()}.")
    return redirect(write_url(procedure))


def _writing_page(
    request: HttpRequest,
    draft: ProcedureVersion,
    shown: dict[str, Any],
    conflict: Conflict | None = None,
) -> HttpResponse:
    context = {
        "procedure": draft.procedure,
        "version": draft,
        "change_note": draft.change_note,
        "error": "",
        "conflict": conflict,
        **shown,
    }
    status = HTTPStatus.OK
    if conflict is not None:
        status = HTTPStatus.CONFLICT
    elif context["error"]:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "modules/procedures/procedure_write.html", context, status=status)


@require_POST
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_text_save(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """Save the text while it is being written; JSON, or the panel of choices on a conflict (409)."""
    typed = clean_pasted_text(request.POST.get("texte-fiche", ""))
    read = _number(request, "revision-fiche")
    if "texte-fiche" not in request.POST:
        return JsonResponse({"error": "Aucun texte reçu."}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        version = services.save_text(procedure=procedure, text=typed, revision=read)
    except TextConflictError as refusal:
        conflict = conflict_of(refusal.version, refusal.base, typed, read)
        context = {"conflict": conflict}
        template = "modules/procedures/conflict.html"
        return render(request, template, context, status=HTTPStatus.CONFLICT)
    except ValidationError as refusal:
        error = " ".join(refusal.messages)
        return JsonResponse({"error": error}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"revision": version.revision, "message": f"Enregistré à {_now()}"})


def _now() -> str:
    return time_in_words(timezone.localtime().time())


def _number(request: HttpRequest, name: str) -> int:
    """Read a revision; 0 (never one) for what is not a number."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


@require_http_methods(FORM_METHODS)
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_upload(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """Put a file in the draft."""
    form = UploadForm(request.POST or None, request.FILES or None, cancel_url=write_url(procedure))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.attach_file(
                procedure=procedure, upload=form.cleaned_data["upload"], by=request.user
            ),
        )
        if done is not None:
            messages.success(request, "Le fichier est déposé.")
            return redirect(write_url(procedure))
    context = {
        "form": form,
        "procedure": procedure,
        "title": "Déposer un fichier",
        "lead": "Un document existant peut tenir lieu de fiche ; le texte déjà écrit reste.",
    }
    return render(request, "modules/procedures/form.html", context)


@require_POST
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_detach(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """Take the file off the draft."""
    try:
        services.detach_file(procedure=procedure)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Le fichier est retiré du brouillon.")
    return redirect(write_url(procedure))


# --- Life of a version ------------------------------------------------------------------------
@require_POST
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_start(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """Open a new version, or go to the one already open."""
    services.start_version(procedure=procedure, by=request.user)  # type: ignore[arg-type]
    return redirect(write_url(procedure))


@require_POST
@requires(P.PROCEDURE_EDIT, subject=Procedure)
@written_by_reader
def procedure_submit(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    return _submit(request, procedure)


def _submit(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    return act(
        request,
        procedure,
        lambda: services.submit_version(procedure=procedure),
        "La version est soumise : le référent qualité ou la direction l’approuvent.",
    )


@require_http_methods(FORM_METHODS)
@requires(P.PROCEDURE_APPROVE, subject=Procedure)
@kept_sheet
def procedure_approve(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """What changes from the version in force, and the day of the next review."""
    version = open_version(procedure)
    if version is None or version.state != ProcedureState.SUBMITTED:
        messages.info(request, "Aucune version n’attend d’approbation.")
        return redirect(sheet_url(procedure))
    later = procedure.review_on is not None and procedure.review_on > timezone.localdate()
    form = ApproveForm(
        request.POST or None,
        initial={"review_on": procedure.review_on if later else None},
        version=version,
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.approve_version(
                procedure=procedure, by=request.user, **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, f"La version {done.number} est en vigueur.")
            return redirect(sheet_url(procedure))
    context = {
        "form": form,
        "procedure": procedure,
        "version": version,
        "comparison": comparison_of(procedure.approved, version) if procedure.approved else None,
        "is_own": version.written_by == request.user,
    }
    return render(request, "modules/procedures/procedure_approve.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.PROCEDURE_APPROVE, subject=Procedure)
@kept_sheet
def procedure_send_back(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    form = SendBackForm(
        request.POST or None, submit="Renvoyer en rédaction", cancel_url=sheet_url(procedure)
    )
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(form, lambda: services.send_back_version(procedure=procedure, reason=reason))
        if done is not None:
            messages.success(request, "La version est renvoyée en rédaction.")
            return redirect(sheet_url(procedure))
    context = {
        "form": form,
        "procedure": procedure,
        "title": "Renvoyer en rédaction",
        "lead": str(procedure),
    }
    return render(request, "modules/procedures/form.html", context)

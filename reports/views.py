"""Pages of the documents: what was asked for, its state, its file; and the public verification."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, public, requires
from common.templatetags.typography import words
from reports import selectors, services
from reports.enums import Authenticity
from reports.errors import CannotRetry
from reports.forms import CodeForm, DocumentFilterForm, FileForm
from reports.models import Document
from reports.throttle import is_too_fast


PER_PAGE = 25
TOO_FAST = (
    "Trop de vérifications en peu de temps depuis votre adresse. Attendez une minute, "
    "puis recommencez."
)


@require_safe
@requires(Permission.DOCUMENT_READ)
def document_list(request: HttpRequest) -> HttpResponse:
    form = DocumentFilterForm(request.GET, scope=request.scope)
    documents = form.apply(selectors.documents_for_list(request.scope))
    page = Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "is_filtered": any(form.cleaned_data.values())}
    return render(request, "reports/document_list.html", context)


@require_safe
@requires(Permission.DOCUMENT_READ, subject=Document)
def document_detail(request: HttpRequest, document: Document) -> HttpResponse:
    selectors.check_readable(document, request.scope)
    return render(request, "reports/document_detail.html", selectors.document_page(document))


@require_safe
@requires(Permission.DOCUMENT_READ, subject=Document)
def document_status(request: HttpRequest, document: Document) -> HttpResponse:
    """Answer the polling fragment; 204 (htmx changes nothing) while the page shows the truth."""
    selectors.check_readable(document, request.scope)
    if request.GET.get("seen") == document.stamp:
        return HttpResponse(status=204)
    return _fragment(request, document, full="full" in request.GET)


def _fragment(request: HttpRequest, document: Document, *, full: bool) -> HttpResponse:
    context = {**selectors.document_page(document), "full": full}
    return render(request, "reports/partials/document_state_body.html", context)


# Who writes only the minutes assigned to them may relaunch those: the kind decides, as for requests.
@require_POST
@requires(Permission.DOCUMENT_REQUEST, Permission.MINUTES_WRITE_ASSIGNED, subject=Document)
def document_retry(request: HttpRequest, document: Document) -> HttpResponse:
    selectors.check_readable(document, request.scope)
    try:
        document = services.retry_document(document=document, scope=request.scope)
    except CannotRetry as refusal:
        if not request.htmx:
            messages.warning(request, str(refusal))
    if request.htmx:
        return _fragment(request, document, full="full" in request.GET)
    return redirect("reports:document_detail", pk=document.pk)


@require_safe
@requires(Permission.DOCUMENT_READ, subject=Document)
def document_download(request: HttpRequest, document: Document) -> HttpResponseBase:
    """Send the kept file; nothing is rendered."""
    selectors.check_readable(document, request.scope)
    if not document.is_ready:
        messages.warning(request, "Ce document n’est pas prêt : il n’a pas encore de fichier.")
        return redirect("reports:document_detail", pk=document.pk)
    etag = f'"{document.sha256}"'
    response = get_conditional_response(request, etag=etag) or _file_response(request, document)
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=0, must_revalidate=True)
    return response


def _file_response(request: HttpRequest, document: Document) -> HttpResponseBase:
    try:
        file = document.file.open("rb")
    except OSError:
        messages.error(
            request,
            "Le fichier de ce document est introuvable sur le serveur. Prévenez l’administrateur "
            "technique, puis demandez le document à nouveau.",
        )
        return redirect("reports:document_detail", pk=document.pk)
    return FileResponse(
        file,
        as_attachment="inline" not in request.GET or document.format != "PDF",
        filename=document.file_name,
        content_type=document.content_type,
    )


# --- Verification (public) --------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@public("whoever received a document may check that it is genuine")
def verify(request: HttpRequest) -> HttpResponse:
    code_form = CodeForm(request.GET if "code" in request.GET else None)
    file_form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    context = {"code_form": code_form, "file_form": file_form}
    if (code_form.is_bound or file_form.is_bound) and is_too_fast(request, "verify"):
        context["refusal"] = TOO_FAST
        return render(request, "reports/verify.html", context, status=429)
    if code_form.is_bound and code_form.is_valid():
        return redirect("reports:verify_code", code=code_form.cleaned_data["code"])
    if file_form.is_bound and file_form.is_valid():
        verification = selectors.verification_by_file(file_form.sha256())
        return _answer(request, verification, FileForm())
    return render(request, "reports/verify.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public("the address printed on every document")
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    if is_too_fast(request, "verify"):
        context = {"code_form": CodeForm(), "file_form": FileForm(), "refusal": TOO_FAST}
        return render(request, "reports/verify.html", context, status=429)
    file_form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    sha256 = file_form.sha256() if file_form.is_bound and file_form.is_valid() else ""
    verification = selectors.verification_by_code(code, sha256=sha256)
    return _answer(request, verification, file_form)


def _answer(
    request: HttpRequest, verification: selectors.Verification, file_form: FileForm
) -> HttpResponse:
    document, newer = verification.document, verification.newer
    context: dict[str, Any] = {
        "verification": verification,
        "document": document,
        "facts": selectors.facts_of(document) if document else [],
        "newer_title": f"{newer.title}, produit le {words(newer.finished_at)}" if newer else "",
        "file_form": file_form,
    }
    status = 404 if verification.answer == Authenticity.UNKNOWN_CODE else 200
    return render(request, "reports/verification.html", context, status=status)

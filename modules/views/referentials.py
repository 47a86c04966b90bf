"""Pages of the référentiels."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from common.history import history_entries
from modules import services
from modules.forms.referentials import (
    CommitmentFilterForm,
    CorrectionForm,
)
from modules.models import Commitment, Referential
from modules.selectors import referentials as catalogue
from modules.selectors.changes import changes_for_page
from modules.selectors.changes_documents import WHATS_NEW
from reports.selectors import latest_document
from reports.services import request_document


FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(Permission.REFERENTIAL_READ)
def referential_list(request: HttpRequest) -> HttpResponse:
    referentials = catalogue.referentials_for_list(request.scope)  # type: ignore[attr-defined]
    return render(request, "modules/referential_list.html", {"referentials": referentials})


@require_safe
@requires(Permission.REFERENTIAL_READ, subject=Referential)
def referential_detail(request: HttpRequest, referential: Referential) -> HttpResponse:
    filters = CommitmentFilterForm(request.GET)
    everything = catalogue.commitments_of(referential)
    is_filtered = any(request.GET.get(name) for name in filters.fields)
    found = filters.apply(everything)
    pages = catalogue.modules_for_page(referential, found, is_filtered=is_filtered)
    context = {
        "referential": referential,
        "pages": pages,
        "filters": filters,
        "is_filtered": is_filtered,
        "found_count": sum(page.commitment_count for page in pages),
        "doubts": catalogue.doubts_of(referential),
        "history": history_entries(referential),
    }
    return render(request, "modules/referential_detail.html", context)


@require_safe
@requires(Permission.REFERENTIAL_READ, subject=Referential)
def referential_changes(request: HttpRequest, referential: Referential) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    page = changes_for_page(referential, scope)
    if page is None:
        raise Http404
    context = {
        "referential": referential,
        "page": page,
        "may_produce": scope.prefecture is not None and scope.may(Permission.DOCUMENT_REQUEST),
        "document": latest_document(kind=WHATS_NEW, subject_id=referential.slug, scope=scope),
    }
    return render(request, "modules/referential_changes.html", context)


@require_POST
@requires(Permission.DOCUMENT_REQUEST, subject=Referential)
def referential_changes_document(request: HttpRequest, referential: Referential) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    if referential.predecessor_id is None:
        raise Http404
    request_document(kind=WHATS_NEW, subject_id=referential.slug, scope=scope)
    return redirect(f"{reverse('modules:referential_changes', args=[referential.slug])}#document")


def _own_commitment(referential: Referential, code: str) -> Commitment:
    commitment = catalogue.commitment_of(referential, code)
    if commitment is None:
        raise Http404
    return commitment


@require_safe
@requires(Permission.REFERENTIAL_READ, subject=Referential)
def commitment_detail(request: HttpRequest, referential: Referential, code: str) -> HttpResponse:
    commitment = _own_commitment(referential, code)
    context = {
        "commitment": commitment,
        "revisions": catalogue.revisions_of(commitment),
        "origins": catalogue.origins_of(commitment),
        "history": history_entries(commitment),
    }
    return render(request, "modules/commitment_detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.REFERENTIAL_CORRECT, subject=Referential)
def commitment_correct(request: HttpRequest, referential: Referential, code: str) -> HttpResponse:
    commitment = _own_commitment(referential, code)
    back = reverse("modules:commitment_detail", args=[referential.slug, code])
    if not commitment.is_correctable:
        messages.error(request, "Cet engagement est sourcé : il ne change plus.")
        return redirect(back)
    form = CorrectionForm(request.POST or None, instance=commitment, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.correct_commitment(
                commitment=commitment, by=request.user, **form.values()
            ),
        )
        if done is not None:
            messages.success(request, "La correction est enregistrée, avec sa source.")
            return redirect(back)
    context = {"form": form, "referential": referential, "code": code}
    return render(request, "modules/commitment_correct.html", context)

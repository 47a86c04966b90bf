"""The page « Documents » of a démarche."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from modules.models import LabelCycle
from modules.selectors.documents import documents_of_cycle, offer_of
from reports.services import request_document


@require_safe
@requires(Permission.DOCUMENT_READ, subject=LabelCycle)
def cycle_documents(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    groups = documents_of_cycle(cycle, request.scope)  # type: ignore[attr-defined]
    return render(request, "modules/documents/list.html", {"cycle": cycle, "groups": groups})


@require_POST
@requires(Permission.DOCUMENT_REQUEST, subject=LabelCycle)
def cycle_document_request(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    kind, subject_id = request.POST.get("kind", ""), request.POST.get("subject_id", "")
    if not kind:
        return redirect("modules:cycle_documents", cycle.pk)
    if offer_of(cycle, scope, kind, subject_id) is None:
        raise Http404
    request_document(kind=kind, subject_id=subject_id, scope=scope)
    return redirect("modules:cycle_documents", cycle.pk)

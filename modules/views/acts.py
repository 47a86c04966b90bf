"""Documents that bear out the acts of a démarche: added, handed out, removed and put back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from modules.enums import CycleDocumentKind
from modules.forms.acts import ActDocumentForm
from modules.models import CycleDocument, LabelCycle
from modules.selectors.cycles import act_documents
from modules.services import acts as services
from modules.views.files import serve
from modules.views.undo import redirect_with_undo


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]


def _own_document(cycle: LabelCycle, pk: int) -> CycleDocument:
    found: CycleDocument = get_object_or_404(act_documents(cycle), pk=pk)
    return found


@require_http_methods(FORM_METHODS)
@requires(P.CYCLE_EDIT, P.CYCLE_CHOOSE, subject=LabelCycle)
def act_document_add(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    asked = request.GET.get("nature", "")
    kind = asked if asked in CycleDocumentKind.values else None
    form = ActDocumentForm(
        request.POST or None, request.FILES or None, cycle=cycle, initial={"kind": kind}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.add_act_document(cycle=cycle, by=request.user, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, f"« {made} » est joint à la démarche.")
            return redirect("modules:cycle_detail", cycle.pk)
    context = {
        "form": form,
        "cycle": cycle,
        "title": "Ajouter un document",
        "lead": "La pièce signée qui atteste un acte de la démarche.",
    }
    return render(request, "modules/label_form.html", context)


@require_safe
@requires(P.CYCLE_READ, subject=LabelCycle)
def act_document_file(request: HttpRequest, cycle: LabelCycle, document_pk: int) -> HttpResponse:
    document = _own_document(cycle, document_pk)
    if document.removed_at is not None:
        raise Http404
    return serve(document.stored, inline=True)


@require_POST
@requires(P.CYCLE_EDIT, P.CYCLE_CHOOSE, subject=LabelCycle)
def act_document_remove(request: HttpRequest, cycle: LabelCycle, document_pk: int) -> HttpResponse:
    document = services.remove_act_document(document=_own_document(cycle, document_pk))
    address = reverse("modules:cycle_detail", args=[cycle.pk])
    return redirect_with_undo(address, "document", document)


@require_POST
@requires(P.CYCLE_EDIT, P.CYCLE_CHOOSE, subject=LabelCycle)
def act_document_restore(request: HttpRequest, cycle: LabelCycle, document_pk: int) -> HttpResponse:
    document = services.restore_act_document(document=_own_document(cycle, document_pk))
    messages.success(request, f"« {document} » : rétabli.")
    return redirect("modules:cycle_detail", cycle.pk)

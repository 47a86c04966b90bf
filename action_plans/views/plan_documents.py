"""The page « Documents » of the plan."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from action_plans.selectors.plan_offers import plan_offers
from reports.services import request_document


PAGE = "action_plans:plan_documents"


@require_safe
@requires(Permission.ACTION_READ)
def plan_documents(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    groups = plan_offers(scope.prefecture, scope, timezone.localdate())
    return render(request, "action_plans/plan/documents.html", {"groups": groups})


@require_POST
@requires(Permission.DOCUMENT_REQUEST)
def plan_document_request(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    asked = request.POST.get("kind", ""), request.POST.get("subject_id", "")
    offers = [
        (offer.kind, offer.subject_id)
        for group in plan_offers(scope.prefecture, scope, timezone.localdate())
        for offer in group.offers
    ]
    if any(asked) and asked not in offers:
        raise Http404
    if any(asked):
        request_document(kind=asked[0], subject_id=asked[1], scope=scope)
    return redirect(PAGE)

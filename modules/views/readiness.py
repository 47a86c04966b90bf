"""« Si l’audit avait lieu demain », and the matrix of services and commitments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Permission, requires
from modules.forms.readiness import MatrixFilterForm
from modules.models import LabelCycle
from modules.rules.readiness_acts import EFFORTS
from modules.selectors.matrix import matrix_of
from modules.selectors.readiness import readiness_for_page
from modules.selectors.readiness_points import ground_of


@require_safe
@requires(Permission.READINESS_READ, subject=LabelCycle)
def readiness(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    number = request.GET.get("module", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 6
    page = readiness_for_page(
        cycle, scope, timezone.localdate(), number=int(number) if is_number else None
    )
    context = {"cycle": cycle, "page": page, "efforts": EFFORTS.values()}
    return render(request, "modules/readiness/readiness.html", context)


@require_safe
@requires(Permission.READINESS_READ, subject=LabelCycle)
def matrix(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    ground = ground_of(cycle, request.scope, timezone.localdate())  # type: ignore[attr-defined]
    filters = MatrixFilterForm(
        request.GET,
        modules=[item.module for item in ground.modules],
        services=ground.services,
    )
    urls = {
        sheet.pk: reverse("modules:sheet_detail", args=[sheet.pk])
        for sheet in ground.sheets.values()
    }
    page = matrix_of(ground, filters.chosen(), urls)
    context = {"cycle": cycle, "page": page, "filters": filters}
    return render(request, "modules/readiness/matrix.html", context)

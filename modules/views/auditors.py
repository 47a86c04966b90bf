"""Page « Auditeurs de la démarche »: to whom it is open."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from modules.models import LabelCycle
from modules.selectors import auditors as selectors
from modules.services import auditors as services


@require_safe
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def auditors(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    lines = selectors.auditor_lines(cycle, timezone.localdate())
    return render(request, "modules/cycle_auditors.html", {"cycle": cycle, "lines": lines})


@require_POST
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def auditor_open(request: HttpRequest, cycle: LabelCycle, user_pk: int) -> HttpResponse:
    lines = selectors.auditor_lines(cycle, timezone.localdate())
    user = next((line.user for line in lines if line.user.pk == user_pk), None)
    try:
        if user is None:
            raise ValidationError("Ce compte n’est pas celui d’un auditeur de la préfecture.")
        services.open_to_auditor(cycle=cycle, user=user, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"{user.full_name} peut lire la démarche.")
    return redirect("modules:cycle_auditors", cycle.pk)


@require_POST
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def auditor_close(request: HttpRequest, cycle: LabelCycle, user_pk: int) -> HttpResponse:
    opened = get_object_or_404(selectors.open_auditors(cycle), user=user_pk)
    user = services.close_to_auditor(opened=opened)
    messages.success(request, f"{user.full_name} ne lit plus la démarche.")
    return redirect("modules:cycle_auditors", cycle.pk)

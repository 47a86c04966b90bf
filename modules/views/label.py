"""Pages of the end of a démarche: decision, closing, and how both are taken back."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from common.form_tools import attempt
from modules.forms.label import CloseForm, DecisionForm
from modules.models import LabelCycle
from modules.services import label as services


FORM_METHODS = ["GET", "HEAD", "POST"]


def _refused(
    request: HttpRequest, cycle: LabelCycle, act: Callable[[LabelCycle], object]
) -> HttpResponse | None:
    """Return to the démarche with the reason when its state forbids the act."""
    try:
        act(cycle)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("modules:cycle_detail", cycle.pk)
    return None


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def label_decide(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    refusal = _refused(request, cycle, services.refuse_decision)
    if refusal is not None:
        return refusal
    form = DecisionForm(request.POST or None, instance=cycle)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.record_decision(cycle=cycle, **form.values()))
        if done is not None:
            messages.success(request, "La décision est enregistrée : la préfecture a le label.")
            return redirect("modules:cycle_detail", cycle.pk)
    context = {
        "form": form,
        "cycle": cycle,
        "title": "Enregistrer la décision",
        "lead": "L’organisme certificateur accorde le label. S’il le refuse, closez la démarche.",
    }
    return render(request, "modules/label_form.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def cycle_close(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    refusal = _refused(request, cycle, services.refuse_closing)
    if refusal is not None:
        return refusal
    form = CloseForm(request.POST or None, instance=cycle)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.close_cycle(cycle=cycle, **form.values()))
        if done is not None:
            messages.success(request, "La démarche est close. Elle reste lisible.")
            return redirect("modules:cycle_detail", cycle.pk)
    context = {
        "form": form,
        "cycle": cycle,
        "title": "Clore la démarche",
        "lead": "Elle reste lisible, et peut être rouverte.",
    }
    return render(request, "modules/label_form.html", context)


@require_POST
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def label_cancel(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    refusal = _refused(request, cycle, lambda row: services.cancel_decision(cycle=row))
    if refusal is None:
        messages.success(request, "La décision est annulée : la démarche est de nouveau préparée.")
    return redirect("modules:cycle_detail", cycle.pk)


@require_POST
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def cycle_reopen(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    refusal = _refused(request, cycle, lambda row: services.reopen_cycle(cycle=row))
    if refusal is None:
        messages.success(request, "La démarche est rouverte.")
    return redirect("modules:cycle_detail", cycle.pk)

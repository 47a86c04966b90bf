"""Naming the correspondants qualité."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from common.form_tools import attempt
from modules.forms.groups import CorrespondentForm, groups_url
from modules.models import Correspondent, LabelCycle
from modules.selectors.correspondents import removable_correspondents
from modules.services import correspondents as services
from modules.views.undo import redirect_with_undo


FORM_METHODS = ["GET", "HEAD", "POST"]


def _own(cycle: LabelCycle, pk: int) -> Correspondent:
    found: Correspondent = get_object_or_404(removable_correspondents(cycle), pk=pk)
    return found


@require_http_methods(FORM_METHODS)
@requires(Permission.GROUP_EDIT, subject=LabelCycle)
def correspondent_create(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    """``?service=<pk>`` names the service that the list showed without a correspondant."""
    wanted = request.GET.get("service", "")
    form = CorrespondentForm(
        request.POST or None,
        instance=Correspondent(cycle=cycle),
        initial={
            "service": wanted if wanted.isdecimal() else None,
            "named_on": timezone.localdate(),
        },
        cycle=cycle,
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.name_correspondent(cycle=cycle, **form.values()))
        if made is not None:
            messages.success(request, f"{made} : correspondant qualité de « {made.service} ».")
            return redirect(groups_url(cycle))
    return _page(request, cycle, form, "Nommer un correspondant qualité")


@require_http_methods(FORM_METHODS)
@requires(Permission.GROUP_EDIT, subject=LabelCycle)
def correspondent_edit(
    request: HttpRequest, cycle: LabelCycle, correspondent_pk: int
) -> HttpResponse:
    row = _own(cycle, correspondent_pk)
    form = CorrespondentForm(request.POST or None, instance=row, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: services.update_correspondent(correspondent=row, **form.values())
        )
        if done is not None:
            messages.success(request, f"{done} : enregistré.")
            return redirect(groups_url(cycle))
    return _page(request, cycle, form, "Modifier un correspondant qualité")


def _page(
    request: HttpRequest, cycle: LabelCycle, form: CorrespondentForm, title: str
) -> HttpResponse:
    context = {
        "form": form,
        "cycle": cycle,
        "title": title,
        "lead": "Il remplit l’auto-diagnostic de son service et répond de ses livrables.",
    }
    return render(request, "modules/groups/form.html", context)


@require_POST
@requires(Permission.GROUP_EDIT, subject=LabelCycle)
def correspondent_remove(
    request: HttpRequest, cycle: LabelCycle, correspondent_pk: int
) -> HttpResponse:
    row = services.remove_correspondent(correspondent=_own(cycle, correspondent_pk))
    return redirect_with_undo(groups_url(cycle), "correspondant", row)


@require_POST
@requires(Permission.GROUP_EDIT, subject=LabelCycle)
def correspondent_restore(
    request: HttpRequest, cycle: LabelCycle, correspondent_pk: int
) -> HttpResponse:
    try:
        row = services.restore_correspondent(correspondent=_own(cycle, correspondent_pk))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"{row} : de nouveau correspondant.")
    return redirect(groups_url(cycle))

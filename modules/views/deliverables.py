"""Pages of the deliverables: list, one of them, its acts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from common.history import history_entries
from modules.forms.deliverables import (
    DeliverableFilterForm,
    DeliverableForm,
    HandInForm,
    SendBackForm,
)
from modules.models import Deliverable, LabelCycle, Procedure, SelfAssessment
from modules.rules.deliverables import OWED
from modules.selectors import deliverables as selectors
from modules.services import deliverables as services
from modules.views.files import serve
from modules.views.undo import Removal, redirect_with_undo, undo_from


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]
PER_PAGE = 50


def _list_url(cycle: LabelCycle) -> str:
    return reverse("modules:deliverable_list", args=[cycle.pk])


def _url(deliverable: Deliverable) -> str:
    return reverse("modules:deliverable_detail", args=[deliverable.pk])


def _refuse_removed(deliverable: Deliverable) -> None:
    if deliverable.removed_at is not None:
        raise Http404


def _act(
    request: HttpRequest, deliverable: Deliverable, write: Callable[[], object], done: str
) -> HttpResponse:
    """Call a service for a button; what is refused is told on the page of the deliverable."""
    _refuse_removed(deliverable)
    try:
        write()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect(_url(deliverable))


# --- List -------------------------------------------------------------------------------------
@require_safe
@requires(P.DELIVERABLE_READ, subject=LabelCycle)
def deliverable_list(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    filters = DeliverableFilterForm(request.GET, cycle=cycle, scope=scope)
    rows = filters.apply(selectors.deliverables_of(cycle, scope), today)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    removal = Removal(
        selectors.removable_deliverables(cycle),
        lambda row: reverse("modules:deliverable_restore", args=[row.pk]),
        "Le livrable « {} » est retiré.",
    )
    context = {
        "cycle": cycle,
        "page": page,
        "lines": selectors.lines_of(page.object_list, today),
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "undo": undo_from(request, {"livrable": removal}),
    }
    return render(request, "modules/groups/deliverable_list.html", context)


# --- What is owed -----------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.GROUP_EDIT, subject=LabelCycle)
def deliverable_create(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    """``?groupe=<pk>`` or ``?service=<pk>``: where the button was."""
    asked = {"group": request.GET.get("groupe", ""), "service": request.GET.get("service", "")}
    form = DeliverableForm(
        request.POST or None,
        instance=Deliverable(cycle=cycle),
        initial={name: value for name, value in asked.items() if value.isdecimal()},
        cycle=cycle,
        cancel_url=_list_url(cycle),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.fix_deliverable(cycle=cycle, values=form.values()))
        if made is not None:
            messages.success(request, f"Le livrable « {made} » est ajouté.")
            return redirect(_list_url(cycle))
    lead = "Ce qui est attendu, de qui, et pour quand."
    return _form_page(request, cycle, form, "Ajouter un livrable", lead)


@require_http_methods(FORM_METHODS)
@requires(P.GROUP_EDIT, subject=Deliverable)
def deliverable_edit(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    _refuse_removed(deliverable)
    cycle, lead = deliverable.cycle, deliverable.title
    form = DeliverableForm(
        request.POST or None, instance=deliverable, cycle=cycle, cancel_url=_url(deliverable)
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.update_deliverable(deliverable=deliverable, values=form.values()),
        )
        if done is not None:
            messages.success(request, "Le livrable est enregistré.")
            return redirect(_url(deliverable))
    return _form_page(request, cycle, form, "Modifier le livrable", lead)


def _form_page(
    request: HttpRequest, cycle: LabelCycle, form: Any, title: str, lead: str
) -> HttpResponse:
    context = {"form": form, "cycle": cycle, "title": title, "lead": lead}
    return render(request, "modules/groups/form.html", context)


@require_POST
@requires(P.GROUP_EDIT, subject=Deliverable)
def deliverable_remove(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    services.remove_deliverable(deliverable=deliverable)
    return redirect_with_undo(_list_url(deliverable.cycle), "livrable", deliverable)


@require_POST
@requires(P.GROUP_EDIT, subject=Deliverable)
def deliverable_restore(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    services.restore_deliverable(deliverable=deliverable)
    messages.success(request, "Le livrable est rétabli.")
    return redirect(_url(deliverable))


# --- One deliverable --------------------------------------------------------------------------
@require_safe
@requires(P.DELIVERABLE_READ, subject=Deliverable)
def deliverable_detail(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    _refuse_removed(deliverable)
    scope = request.scope  # type: ignore[attr-defined]
    (line,) = selectors.lines_of([deliverable], timezone.localdate())
    context = {
        "line": line,
        "deliverable": deliverable,
        "cycle": deliverable.cycle,
        "is_owed": deliverable.state in OWED,
        "may_hand_in": scope.may(P.GROUP_EDIT) or selectors.is_mine(deliverable, scope),
        "recipients": selectors.recipients_of(deliverable),
        "history": history_entries(deliverable),
    }
    return render(request, "modules/groups/deliverable_detail.html", context)


@require_safe
@requires(P.DELIVERABLE_READ, subject=Deliverable)
def deliverable_file(request: HttpRequest, deliverable: Deliverable) -> HttpResponseBase:
    _refuse_removed(deliverable)
    if deliverable.stored is None:
        messages.error(request, "Aucun fichier n’est remis.")
        return redirect(_url(deliverable))
    return serve(deliverable.stored)


@require_POST
@requires(P.DELIVERABLE_HAND_IN, subject=Deliverable)
def deliverable_begin(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    return _act(
        request,
        deliverable,
        lambda: services.begin_deliverable(deliverable=deliverable, scope=scope),
        "Le livrable est en cours.",
    )


@require_http_methods(FORM_METHODS)
@requires(P.DELIVERABLE_HAND_IN, subject=Deliverable)
def deliverable_hand_in(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    _refuse_removed(deliverable)
    scope = request.scope  # type: ignore[attr-defined]
    try:
        services.refuse_stranger(deliverable, scope)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_url(deliverable))
    form = HandInForm(
        request.POST or None,
        request.FILES or None,
        deliverable=deliverable,
        procedures=Procedure.objects.visible_to(scope).filter(removed_at__isnull=True),
        assessments=SelfAssessment.objects.visible_to(scope).filter(cycle=deliverable.cycle),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.hand_in_deliverable(
                deliverable=deliverable, scope=scope, **form.values()
            ),
        )
        if done is not None:
            messages.success(request, "Le livrable est remis.")
            return redirect(_url(deliverable))
    lead = "Un fichier, ou ce que l’application tient déjà."
    context = {"form": form, "deliverable": deliverable, "cycle": deliverable.cycle}
    context |= {"title": "Remettre le livrable", "lead": f"{deliverable.title}. {lead}"}
    return render(request, "modules/groups/form.html", context)


@require_POST
@requires(P.GROUP_EDIT, subject=Deliverable)
def deliverable_accept(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    return _act(
        request,
        deliverable,
        lambda: services.accept_deliverable(deliverable=deliverable),
        "Le livrable est accepté.",
    )


@require_http_methods(FORM_METHODS)
@requires(P.GROUP_EDIT, subject=Deliverable)
def deliverable_send_back(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    _refuse_removed(deliverable)
    form = SendBackForm(
        request.POST or None, submit="Renvoyer le livrable", cancel_url=_url(deliverable)
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.send_back_deliverable(deliverable=deliverable, **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, "Le livrable est renvoyé.")
            return redirect(_url(deliverable))
    lead = f"{deliverable.title}. Ce qui a été remis reste lisible."
    context = {"form": form, "deliverable": deliverable, "cycle": deliverable.cycle}
    context |= {"title": "Renvoyer le livrable", "lead": lead}
    return render(request, "modules/groups/form.html", context)


@require_POST
@requires(P.GROUP_EDIT, subject=Deliverable)
def deliverable_remind(request: HttpRequest, deliverable: Deliverable) -> HttpResponse:
    _refuse_removed(deliverable)
    try:
        people = services.remind_deliverable(deliverable=deliverable)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        names = ", ".join(person.name for person in people)
        messages.success(request, f"Relance envoyée à {names}.")
    return redirect(_url(deliverable))

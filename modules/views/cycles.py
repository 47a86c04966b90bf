"""Pages of the démarche: perimeter, choice, validation, audits."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from common.history import history_entries
from modules import services
from modules.enums import LeftWork
from modules.forms.cycles import (
    AuditForm,
    ChooseModulesForm,
    CycleEditForm,
    CycleFilterForm,
    CycleForm,
    ModulePerimeterForm,
    PrepareModulesForm,
    ValidatePerimeterForm,
)
from modules.models import CycleAuditor, CycleDocument, LabelCycle, PlannedAudit
from modules.selectors import cycles as selectors
from modules.selectors import referentials as catalogue
from modules.selectors.adoption import referentials_to_adopt
from modules.services.perimeter import WorkInTheWayError, set_module_perimeter
from modules.views.undo import Removal, redirect_with_undo, undo_from


CYCLES_PER_PAGE = 25
FORM_METHODS = ["GET", "HEAD", "POST"]


# --- Démarches --------------------------------------------------------------------------------
@require_safe
@requires(Permission.CYCLE_READ)
def cycle_list(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    filters = CycleFilterForm(request.GET) if scope.sees_all_prefectures else None
    cycles = selectors.cycles_for_list(scope)
    if filters is not None:
        cycles = filters.apply(cycles)
    page = Paginator(cycles, CYCLES_PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [selectors.page_of(cycle, today) for cycle in page.object_list]
    context = {
        "page": page,
        "rows": rows,
        "filters": filters,
        "is_filtered": filters is not None and any(request.GET.get(n) for n in filters.fields),
    }
    return render(request, "modules/cycle_list.html", context)


@require_safe
@requires(Permission.CYCLE_READ, subject=LabelCycle)
def cycle_detail(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    removals = {
        "audit": Removal(
            selectors.audits_of_cycle(cycle),
            lambda row: reverse("modules:audit_restore", args=[cycle.pk, row.pk]),
            "{} : retiré de la démarche.",
        ),
        "document": Removal(
            selectors.act_documents(cycle),
            lambda row: reverse("modules:act_document_restore", args=[cycle.pk, row.pk]),
            "Le document « {} » est retiré.",
        ),
    }
    shown = [(PlannedAudit, "cycle"), (CycleDocument, "cycle"), (CycleAuditor, "cycle")]
    context = {
        "page": selectors.cycle_for_page(cycle, timezone.localdate()),
        "has_newer_referential": referentials_to_adopt(cycle).exists(),
        "undo": undo_from(request, removals),
        "history": history_entries(cycle, children=shown),
    }
    return render(request, "modules/cycle_detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT)
def cycle_create(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    form = CycleForm(request.POST or None, referentials=catalogue.referentials_for_list(scope))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: services.create_cycle(prefecture=scope.prefecture, **form.values())
        )
        if made is not None:
            messages.success(request, "La démarche est ouverte. Préparez maintenant ses modules.")
            return redirect("modules:cycle_detail", made.pk)
    context = {"form": form, "title": "Ouvrir une démarche"}
    return render(request, "modules/cycle_form.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def cycle_edit(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    title = cycle.name
    form = CycleEditForm(request.POST or None, instance=cycle)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_cycle(cycle=cycle, **form.values()))
        if done is not None:
            messages.success(request, "La démarche est enregistrée.")
            return redirect("modules:cycle_detail", cycle.pk)
    return render(
        request, "modules/cycle_form.html", {"form": form, "cycle": cycle, "title": title}
    )


# --- Perimeter --------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT, Permission.CYCLE_CHOOSE, subject=LabelCycle)
def module_choose(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    """The référent prepares the modules; the direction chooses them, and that is dated and signed."""
    had = cycle.chosen_on is not None, cycle.validated_on is not None
    form = _modules_form(request, cycle)
    if request.method == "POST" and form.is_valid():
        try:
            done = attempt(form, lambda: _write_modules(request, cycle, form))
        except WorkInTheWayError as question:
            return _ask_about_work(request, cycle, question)
        if done is not None:
            _tell_modules(request, done, *had)
            return redirect("modules:cycle_detail", cycle.pk)
    context = {
        "form": form,
        "cycle": cycle,
        "title": "Choisir les modules"
        if isinstance(form, ChooseModulesForm)
        else "Préparer les modules",
        "compulsory": selectors.compulsory_modules(cycle.referential),
        "was_chosen": had[0],
        "was_validated": had[1],
    }
    return render(request, "modules/module_choose.html", context)


def _modules_form(request: HttpRequest, cycle: LabelCycle) -> PrepareModulesForm:
    if request.scope.may(Permission.CYCLE_CHOOSE):  # type: ignore[attr-defined]
        return ChooseModulesForm(request.POST or None, instance=cycle, signer=request.user)
    return PrepareModulesForm(request.POST or None, instance=cycle)


def _write_modules(request: HttpRequest, cycle: LabelCycle, form: PrepareModulesForm) -> LabelCycle:
    values = {**form.values(), "left_work": request.POST.get("left_work", "")}
    if isinstance(form, ChooseModulesForm):
        return services.record_choice(cycle=cycle, by=request.user, **values)
    return services.prepare_modules(cycle=cycle, **values)


def _ask_about_work(
    request: HttpRequest, cycle: LabelCycle, question: WorkInTheWayError
) -> HttpResponse:
    """Ask what becomes of the work of the modules that leave; the rest of the answer is sent again."""
    given = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "left_work"}
        for value in values
    ]
    context = {
        "cycle": cycle,
        "works": question.works,
        "given": given,
        "choices": LeftWork.choices,
    }
    return render(request, "modules/cycle_left_work.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def module_perimeter(request: HttpRequest, cycle: LabelCycle, number: int) -> HttpResponse:
    """Which services and sites a module concerns."""
    item = selectors.item_of_cycle(cycle, number)
    if item is None:
        raise Http404
    form = ModulePerimeterForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: set_module_perimeter(item=item, **form.cleaned_data))
        if done is not None:
            messages.success(request, f"{item} : services et sites enregistrés.")
            return redirect("modules:cycle_detail", cycle.pk)
    context = {
        "form": form,
        "cycle": cycle,
        "title": "Services et sites concernés",
        "lead": f"{item}.",
    }
    return render(request, "modules/label_form.html", context)


def _tell_modules(
    request: HttpRequest, cycle: LabelCycle, was_chosen: bool, was_validated: bool
) -> None:
    if cycle.chosen_on is not None:
        messages.success(request, "Le choix du préfet est enregistré.")
    else:
        messages.success(request, "Les modules sont préparés ; le préfet peut maintenant choisir.")
    if was_validated and cycle.validated_on is None:
        messages.warning(
            request,
            "Les modules ont changé : la validation du ministère ne vaut plus, il faut en "
            "demander une nouvelle.",
        )
    if was_chosen and cycle.chosen_on is None:
        messages.warning(request, "Le préfet doit choisir de nouveau : les modules ont changé.")


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_VALIDATE, subject=LabelCycle)
def perimeter_validate(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    try:
        services.refuse_validation_before_choice(cycle)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("modules:cycle_detail", cycle.pk)
    page = selectors.cycle_for_page(cycle, timezone.localdate())
    form = ValidatePerimeterForm(request.POST or None, instance=cycle)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.validate_perimeter(cycle=cycle, by=request.user, **form.values()),
        )
        if done is not None:
            messages.success(request, "Le périmètre est validé.")
            return redirect("modules:cycle_detail", cycle.pk)
    return render(request, "modules/perimeter_validate.html", {"form": form, "page": page})


# --- Audits -----------------------------------------------------------------------------------
def _own_audit(cycle: LabelCycle, pk: int) -> PlannedAudit:
    audit = selectors.audit_of_cycle(cycle, pk)
    if audit is None:
        raise Http404
    return audit


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def audit_create(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    form = AuditForm(request.POST or None, instance=PlannedAudit(cycle=cycle), cycle=cycle)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.plan_audit(cycle=cycle, **form.values()))
        if made is not None:
            messages.success(request, f"{made} : ajouté à la démarche.")
            return redirect("modules:cycle_detail", cycle.pk)
    context = {"form": form, "cycle": cycle, "title": "Ajouter un audit"}
    return render(request, "modules/audit_form.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def audit_edit(request: HttpRequest, cycle: LabelCycle, audit_pk: int) -> HttpResponse:
    audit = _own_audit(cycle, audit_pk)
    context: dict[str, Any] = {"cycle": cycle, "audit": audit, "title": str(audit)}
    form = AuditForm(request.POST or None, instance=audit, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_audit(audit=audit, **form.values()))
        if done is not None:
            messages.success(request, f"{done} : enregistré.")
            return redirect("modules:cycle_detail", cycle.pk)
    return render(request, "modules/audit_form.html", {**context, "form": form})


@require_POST
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def audit_delete(request: HttpRequest, cycle: LabelCycle, audit_pk: int) -> HttpResponse:
    audit = services.remove_audit(audit=_own_audit(cycle, audit_pk))
    return redirect_with_undo(reverse("modules:cycle_detail", args=[cycle.pk]), "audit", audit)


@require_POST
@requires(Permission.CYCLE_EDIT, subject=LabelCycle)
def audit_restore(request: HttpRequest, cycle: LabelCycle, audit_pk: int) -> HttpResponse:
    try:
        audit = services.restore_audit(audit=_own_audit(cycle, audit_pk))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"{audit} : rétabli.")
    return redirect("modules:cycle_detail", cycle.pk)

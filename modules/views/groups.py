"""Pages of the working groups and of their members."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from common.history import history_entries
from modules.forms.groups import GroupForm, MemberForm, groups_url
from modules.models import Deliverable, GroupMember, LabelCycle, WorkingGroup
from modules.registry import group_panels
from modules.selectors import groups as selectors
from modules.selectors.correspondents import correspondent_list, removable_correspondents
from modules.selectors.deliverables import deliverables_of_group, lines_of
from modules.services import groups as services
from modules.views.undo import Removal, redirect_with_undo, undo_from


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]


def _group_url(group: WorkingGroup) -> str:
    return reverse("modules:group_detail", args=[group.pk])


def _refuse_removed(group: WorkingGroup) -> None:
    if group.removed_at is not None:
        raise Http404


# --- The tab ----------------------------------------------------------------------------------
@require_safe
@requires(P.GROUP_READ, subject=LabelCycle)
def group_list(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    removals = {
        "correspondant": Removal(
            removable_correspondents(cycle),
            lambda row: reverse("modules:correspondent_restore", args=[cycle.pk, row.pk]),
            "{} : retiré des correspondants.",
        ),
        "groupe": Removal(
            selectors.removable_groups(cycle),
            lambda row: reverse("modules:group_restore", args=[row.pk]),
            "Le groupe « {} » est retiré.",
        ),
    }
    context = {
        "cycle": cycle,
        "correspondents": correspondent_list(cycle, today),
        "groups": selectors.group_list(cycle, scope, today),
        "counts": selectors.deliverable_counts(cycle, today),
        "undo": undo_from(request, removals),
    }
    return render(request, "modules/groups/group_list.html", context)


# --- Groups -----------------------------------------------------------------------------------
@require_safe
@requires(P.GROUP_READ, subject=WorkingGroup)
def group_detail(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    _refuse_removed(group)
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    removals = {
        "membre": Removal(
            selectors.removable_members(group),
            lambda row: reverse("modules:member_restore", args=[group.pk, row.pk]),
            "{} : sorti du groupe.",
        )
    }
    shown = [(GroupMember, "group")]
    if scope.may(P.DELIVERABLE_READ):
        shown.append((Deliverable, "group"))
    context = {
        "group": group,
        "cycle": group.cycle,
        "members": list(selectors.members_of(group)),
        "deliverables": lines_of(deliverables_of_group(group, scope), today),
        "panels": group_panels(group, scope),
        "undo": undo_from(request, removals),
        "history": history_entries(group, children=shown),
    }
    return render(request, "modules/groups/group_detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.GROUP_EDIT, subject=LabelCycle)
def group_create(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    form = GroupForm(
        request.POST or None, instance=WorkingGroup(cycle=cycle), cancel_url=groups_url(cycle)
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.form_group(cycle=cycle, **form.values()))
        if made is not None:
            messages.success(request, f"Le groupe « {made} » est formé. Ajoutez ses membres.")
            return redirect(_group_url(made))
    context = {
        "form": form,
        "cycle": cycle,
        "title": "Former un groupe de travail",
        "lead": "Un thème, une mission ; ses membres et ses livrables se notent ensuite.",
    }
    return render(request, "modules/groups/form.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.GROUP_EDIT, subject=WorkingGroup)
def group_edit(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    _refuse_removed(group)
    title = group.name
    form = GroupForm(request.POST or None, instance=group, cancel_url=_group_url(group))
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_group(group=group, **form.values()))
        if done is not None:
            messages.success(request, f"Le groupe « {done} » est enregistré.")
            return redirect(_group_url(group))
    context = {"form": form, "cycle": group.cycle, "title": "Modifier le groupe", "lead": title}
    return render(request, "modules/groups/form.html", context)


@require_POST
@requires(P.GROUP_EDIT, subject=WorkingGroup)
def group_remove(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    services.remove_group(group=group)
    return redirect_with_undo(groups_url(group.cycle), "groupe", group)


@require_POST
@requires(P.GROUP_EDIT, subject=WorkingGroup)
def group_restore(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    try:
        services.restore_group(group=group)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(groups_url(group.cycle))
    messages.success(request, f"Le groupe « {group} » est rétabli.")
    return redirect(_group_url(group))


# --- Members ----------------------------------------------------------------------------------
def _own_member(group: WorkingGroup, pk: int) -> GroupMember:
    found: GroupMember = get_object_or_404(selectors.removable_members(group), pk=pk)
    return found


@require_http_methods(FORM_METHODS)
@requires(P.GROUP_EDIT, subject=WorkingGroup)
def member_create(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    _refuse_removed(group)
    form = MemberForm(request.POST or None, instance=GroupMember(group=group), group=group)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.add_member(group=group, **form.values()))
        if made is not None:
            messages.success(request, f"{made} : ajouté au groupe.")
            return redirect(_group_url(group))
    return _member_page(request, group, form, "Ajouter un membre")


@require_http_methods(FORM_METHODS)
@requires(P.GROUP_EDIT, subject=WorkingGroup)
def member_edit(request: HttpRequest, group: WorkingGroup, member_pk: int) -> HttpResponse:
    _refuse_removed(group)
    member = _own_member(group, member_pk)
    form = MemberForm(request.POST or None, instance=member, group=group)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_member(member=member, **form.values()))
        if done is not None:
            messages.success(request, f"{done} : enregistré.")
            return redirect(_group_url(group))
    return _member_page(request, group, form, "Modifier un membre")


def _member_page(
    request: HttpRequest, group: WorkingGroup, form: MemberForm, title: str
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "cycle": group.cycle,
        "group": group,
        "title": title,
        "lead": f"Groupe « {group.name} ».",
    }
    return render(request, "modules/groups/form.html", context)


@require_POST
@requires(P.GROUP_EDIT, subject=WorkingGroup)
def member_remove(request: HttpRequest, group: WorkingGroup, member_pk: int) -> HttpResponse:
    member = services.remove_member(member=_own_member(group, member_pk))
    return redirect_with_undo(_group_url(group), "membre", member)


@require_POST
@requires(P.GROUP_EDIT, subject=WorkingGroup)
def member_restore(request: HttpRequest, group: WorkingGroup, member_pk: int) -> HttpResponse:
    try:
        member = services.restore_member(member=_own_member(group, member_pk))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"{member} : de nouveau dans le groupe.")
    return redirect(_group_url(group))

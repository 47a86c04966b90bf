"""Axes of the plan: listed, added, renamed, put in order, taken off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from action_plans.forms.parts import AxisForm
from action_plans.models import Axis
from action_plans.selectors.axes import axes_for_list, removable_axes
from action_plans.services import axes as services
from action_plans.views.gates import act
from common.form_tools import attempt
from modules.views.undo import Removal, redirect_with_undo, undo_from


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]


def _list_url() -> str:
    return reverse("action_plans:axis_list")


@require_http_methods(FORM_METHODS)
@requires(P.ACTION_EDIT)
def axis_list(request: HttpRequest) -> HttpResponse:
    """The axes, and the form that adds one at the end."""
    scope = request.scope  # type: ignore[attr-defined]
    form = AxisForm(request.POST or None, instance=Axis(prefecture=scope.prefecture))
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        made = attempt(form, lambda: services.add_axis(prefecture=scope.prefecture, title=title))
        if made is not None:
            messages.success(request, f"L’axe « {made} » est ajouté.")
            return redirect(_list_url())
    removal = Removal(
        removable_axes(scope),
        lambda row: reverse("action_plans:axis_restore", args=[row.pk]),
        "L’axe « {} » est retiré : ses actions sont « Sans axe ». Rétabli, il les retrouve.",
    )
    context = {
        "axes": list(axes_for_list(scope)),
        "form": form,
        "undo": undo_from(request, {"axe": removal}),
    }
    return render(request, "action_plans/axes/list.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.ACTION_EDIT, subject=Axis)
def axis_edit(request: HttpRequest, axis: Axis) -> HttpResponse:
    name = axis.title
    form = AxisForm(request.POST or None, instance=axis)
    if request.method == "POST" and form.is_valid():
        title = form.cleaned_data["title"]
        done = attempt(form, lambda: services.rename_axis(axis=axis, title=title))
        if done is not None:
            messages.success(request, "L’axe est enregistré.")
            return redirect(_list_url())
    return render(request, "action_plans/axes/form.html", {"form": form, "name": name})


@require_POST
@requires(P.ACTION_EDIT, subject=Axis)
def axis_shift(request: HttpRequest, axis: Axis) -> HttpResponse:
    """``sens=haut`` or ``sens=bas``."""
    up = request.POST.get("sens") == "haut"
    return act(request, lambda: services.shift_axis(axis=axis, up=up), "", _list_url())


@require_POST
@requires(P.ACTION_EDIT, subject=Axis)
def axis_remove(request: HttpRequest, axis: Axis) -> HttpResponse:
    services.remove_axis(axis=axis)
    return redirect_with_undo(_list_url(), "axe", axis)


@require_POST
@requires(P.ACTION_EDIT, subject=Axis)
def axis_restore(request: HttpRequest, axis: Axis) -> HttpResponse:
    words = "L’axe est rétabli."
    return act(request, lambda: services.restore_axis(axis=axis), words, _list_url())

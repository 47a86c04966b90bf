"""Pages of the actions: the list, one of them, opening, changing, its life."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, Scope, requires
from action_plans.forms.actions import ActionForm
from action_plans.forms.filters import ActionFilterForm
from action_plans.forms.parts import action_url
from action_plans.models import Action
from action_plans.registry import OriginFact
from action_plans.selectors import actions as selectors
from action_plans.selectors import detail
from action_plans.selectors.lists import columns_of
from action_plans.selectors.rights import edits_all, may_edit, may_report, services_for_actions
from action_plans.selectors.saved_views import views_of
from action_plans.selectors.signals import OpenedActions, opened_from
from action_plans.services import actions as services
from action_plans.services.saved_views import cleaned_query
from action_plans.services.signals import origin_from
from action_plans.views.gates import act, editable, for_action
from action_plans.views.parts import detached_piece
from action_plans.views.signals import untied_origin
from common.form_tools import attempt
from modules.views.undo import Removal, redirect_with_undo, undo_from


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]
PER_PAGE = 50
# Tells the page that what the browser kept of the form can be forgotten.
SAVED = "?enregistree=1"


# --- List -------------------------------------------------------------------------------------
@require_safe
@requires(P.ACTION_READ)
def action_list(request: HttpRequest) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    filters = ActionFilterForm(request.GET, scope=scope, today=today)
    rows = filters.ordered(selectors.actions_for_list(scope))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = cleaned_query(request.GET.urlencode())
    views = views_of(scope, query)
    context = {
        "page": page,
        "lines": selectors.lines_of(page.object_list, today),
        "filters": filters,
        "chips": filters.chips(request.GET),
        "columns": columns_of(request.GET),
        "views": views,
        "is_saved": any(item.is_current for item in views),
        "query": query,
        "may_tick": scope.may(P.ACTION_EDIT, P.ACTION_OPEN),
        "tickable": {row.pk for row in page.object_list if may_report(row, scope)},
        "may_open": _may_open(scope),
        "undo": undo_from(request, {"action": _removal(scope)}),
    }
    return render(request, "action_plans/actions/list.html", context)


def _may_open(scope: Scope) -> bool:
    return edits_all(scope) or (scope.may(P.ACTION_OPEN) and bool(scope.service_ids))


def _removal(scope: Scope) -> Removal:
    return Removal(
        Action.objects.visible_to(scope),
        lambda row: reverse("action_plans:action_restore", args=[row.pk]),
        "L’« {} » est retirée du plan.",
    )


@require_safe
@requires(P.ACTION_REPORT)
def my_actions(request: HttpRequest) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    rows = selectors.my_actions(scope, today)
    context = {
        "rows": rows,
        "late_count": sum(row.line.is_late for row in rows),
        "done": selectors.my_done_actions(scope)[:10],
        "services": selectors.own_services(scope),
    }
    return render(request, "action_plans/actions/mine.html", context)


# --- Open, change -----------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.ACTION_EDIT, P.ACTION_OPEN)
def action_create(request: HttpRequest) -> HttpResponse:
    """``?origine=<source>:<reference>``: pre-filled from it, which becomes an origin of the action."""
    scope = request.scope  # type: ignore[attr-defined]
    if not _may_open(scope):
        messages.error(
            request, "Votre rôle n’est lié à aucun service : demandez au référent qualité."
        )
        return redirect("action_plans:action_list")
    origin = _asked_origin(request)
    form = ActionForm(
        request.POST or None,
        instance=Action(prefecture=scope.prefecture),
        initial=_suggested(origin, scope),
        scope=scope,
        cancel_url=reverse("action_plans:action_list"),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _open(form, scope, origin))
        if made is not None:
            messages.success(request, f"L’action n° {made.number} est ouverte.")
            return redirect(action_url(made) + SAVED)
    context = {
        "form": form,
        "origin": origin[1] if origin else None,
        "opened": _opened_from(origin, scope),
        "draft": f"action-nouvelle-{request.GET.get('origine', '')}",
    }
    return render(request, "action_plans/actions/form.html", context)


def _asked_origin(request: HttpRequest) -> tuple[str, OriginFact] | None:
    scope, asked = request.scope, request.GET.get("origine", "")  # type: ignore[attr-defined]
    code, _, reference = asked.partition(":")
    fact = origin_from(code, reference, scope)
    if asked and fact is None:
        messages.warning(
            request,
            "L’origine demandée n’existe plus, ou vous ne pouvez pas la lire. L’action sera ouverte "
            "sans elle.",
        )
    return (code, fact) if fact is not None else None


def _opened_from(origin: tuple[str, OriginFact] | None, scope: Scope) -> OpenedActions | None:
    if origin is None:
        return None
    source, fact = origin
    found = opened_from(source, [fact], scope, timezone.localdate())
    return found.get(fact.reference)


def _suggested(origin: tuple[str, OriginFact] | None, scope: Scope) -> dict[str, Any]:
    if origin is None:
        return {}
    initial = dict(origin[1].suggestion)
    own = services_for_actions(scope)
    if initial.get("service") and not own.filter(pk=initial["service"]).exists():
        del initial["service"]
    return initial


def _open(form: ActionForm, scope: Scope, origin: tuple[str, OriginFact] | None) -> Action:
    values = form.values()
    twin = services.twin_just_opened(
        prefecture=scope.prefecture, title=values["title"], by=scope.user
    )
    if twin is not None:
        return twin
    if origin is None:
        return services.open_action(prefecture=scope.prefecture, values=values, by=scope.user)
    source, fact = origin
    return services.open_action_from(
        source=source, reference=fact.reference, values=values, scope=scope
    )


@require_http_methods(FORM_METHODS)
@requires(P.ACTION_EDIT, P.ACTION_OPEN, subject=Action)
@editable
def action_edit(request: HttpRequest, action: Action) -> HttpResponse:
    name = str(action)
    form = ActionForm(
        request.POST or None,
        instance=action,
        scope=request.scope,  # type: ignore[attr-defined]
        cancel_url=action_url(action),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_action(action=action, values=form.values()))
        if done is not None:
            messages.success(request, "L’action est enregistrée.")
            return redirect(action_url(action) + SAVED)
    context = {"form": form, "action": action, "name": name, "draft": f"action-{action.pk}"}
    return render(request, "action_plans/actions/form.html", context)


@require_POST
@requires(P.ACTION_EDIT, P.ACTION_OPEN, subject=Action)
@editable
def action_remove(request: HttpRequest, action: Action) -> HttpResponse:
    services.remove_action(action=action)
    return redirect_with_undo(reverse("action_plans:action_list"), "action", action)


@require_POST
@requires(P.ACTION_EDIT, P.ACTION_OPEN, subject=Action)
def action_restore(request: HttpRequest, action: Action) -> HttpResponse:
    if not may_edit(action, request.scope):  # type: ignore[attr-defined]
        return redirect("action_plans:action_list")
    done = f"L’action n° {action.number} est rétablie."
    return act(request, lambda: services.restore_action(action=action), done, action_url(action))


# --- One action -------------------------------------------------------------------------------
@require_safe
@requires(P.ACTION_READ, subject=Action)
@for_action()
def action_detail(request: HttpRequest, action: Action) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    context = {
        "page": detail.action_page(action, scope, today),
        "undo": undo_from(request, removals_of(action)),
        "detached": detached_piece(request, action),
        "untied": untied_origin(request, action),
        "is_saved": "enregistree" in request.GET,
    }
    return render(request, "action_plans/actions/detail.html", context)


def removals_of(action: Action) -> dict[str, Removal]:
    """Return what the page of an action offers to take back."""
    return {
        "etape": Removal(
            action.steps.order_by("pk"),
            lambda row: reverse("action_plans:step_restore", args=[action.pk, row.pk]),
            "L’étape « {} » est retirée.",
        ),
        "commentaire": Removal(
            action.comments.order_by("pk"),
            lambda row: reverse("action_plans:comment_restore", args=[action.pk, row.pk]),
            "Le commentaire « {} » est retiré.",
        ),
        "mesure": Removal(
            action.measures.order_by("pk"),
            lambda row: reverse("action_plans:measure_restore", args=[action.pk, row.pk]),
            "La mesure « {} » est retirée, avec ses effets.",
        ),
    }

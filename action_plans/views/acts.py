"""Acts on an action: its state, its progress, many at once."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, Scope, requires
from action_plans.forms.actions import BulkForm, ConcludeForm, MoveForm, ProgressForm, reason_help
from action_plans.forms.parts import action_url
from action_plans.models import Action
from action_plans.selectors.actions import actions_for_list, lines_of
from action_plans.services.actions import conclude, move_action, report_progress
from action_plans.services.bulk import BulkAct, BulkResult, act_on_many
from action_plans.views.gates import act, for_action, reportable
from action_plans.workflow import TRANSITIONS, Transition
from common.form_tools import attempt


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]
# Actions of one bulk act: those of one page of the list.
MAX_CHOSEN = 100


def back_to(request: HttpRequest, otherwise: str) -> str:
    """Return the page of this site named by ``retour`` in the form, else ``otherwise``."""
    asked = request.POST.get("retour", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return otherwise


# --- State ------------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.ACTION_REPORT, P.ACTION_EDIT, P.ACTION_JUDGE, subject=Action)
@for_action()
def action_move(request: HttpRequest, action: Action, code: str) -> HttpResponse:
    """An act without a reason is one button (POST); the others ask why on a small page."""
    scope = request.scope  # type: ignore[attr-defined]
    transition = TRANSITIONS.get(code)
    if transition is None:
        raise Http404
    if action.state not in transition.sources or not transition.needs_reason:
        if request.method != "POST":
            return redirect(action_url(action))
        done = f"Action n° {action.number} : {transition.target.label.lower()}."
        return act(
            request,
            lambda: move_action(action=action, code=code, scope=scope),
            done,
            back_to(request, action_url(action)),
        )
    form = MoveForm(
        request.POST or None,
        submit=transition.label,
        cancel_url=action_url(action),
        help_text=reason_help(transition),
    )
    if request.method == "POST" and form.is_valid() and _moved(form, action, transition, scope):
        messages.success(request, f"L’action est « {action.current_state.label.lower()} ».")
        return redirect(action_url(action))
    context = {"form": form, "action": action, "title": transition.label}
    return render(request, "action_plans/actions/move.html", context)


def _moved(form: MoveForm, action: Action, transition: Transition, scope: Scope) -> bool:
    reason = form.cleaned_data["reason"]
    done = attempt(
        form,
        lambda: move_action(action=action, code=transition.code, scope=scope, reason=reason),
    )
    return done is not None


@require_http_methods(FORM_METHODS)
@requires(P.ACTION_JUDGE, subject=Action)
@for_action()
def action_conclude(request: HttpRequest, action: Action) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    form = ConcludeForm(
        request.POST or None,
        submit="Conclure sur l’effet",
        cancel_url=action_url(action),
        help_text="Ce qui le montre : la mesure, sa valeur avant, sa valeur après. Ou ce qui manque "
        "pour le dire.",
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, lambda: conclude(action=action, scope=scope, **given))
        if done is not None:
            messages.success(request, "La conclusion est enregistrée.")
            return redirect(action_url(action))
    context = {"form": form, "action": action, "title": "Conclure sur l’effet"}
    return render(request, "action_plans/actions/move.html", context)


@require_POST
@requires(P.ACTION_REPORT, P.ACTION_EDIT, subject=Action)
@reportable
def action_progress(request: HttpRequest, action: Action) -> HttpResponse:
    form = ProgressForm(request.POST)
    address = back_to(request, action_url(action))
    if not form.is_valid():
        messages.error(request, f"Action n° {action.number}. {form.errors['progress'][0]}")
        return redirect(address)
    progress = form.cleaned_data["progress"]
    done = f"Action n° {action.number} : avancement de {progress} %."
    return act(request, lambda: report_progress(action=action, progress=progress), done, address)


# --- Many at once -----------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.ACTION_EDIT, P.ACTION_OPEN)
def action_bulk(request: HttpRequest) -> HttpResponse:
    """``?a=<pk>&a=<pk>``: the actions ticked. Sent, each comes with the revision that was read."""
    scope = request.scope  # type: ignore[attr-defined]
    chosen = _chosen(request.POST if request.method == "POST" else request.GET)
    rows = list(actions_for_list(scope).filter(pk__in=chosen))
    list_url = reverse("action_plans:action_list")
    if not rows:
        messages.error(request, "Cochez au moins une action de la liste, puis recommencez.")
        return redirect(list_url)
    form = BulkForm(request.POST or None, scope=scope)
    refused = []
    if request.method == "POST" and form.is_valid():
        result = _act_on(rows, request.POST, form, scope)
        done = len(result.changed) + len(result.unchanged)
        if done:
            messages.success(request, _told(done))
        if not result.refused:
            return redirect(list_url)
        refused = result.refused
        rows = list(actions_for_list(scope).filter(pk__in=[item.action.pk for item in refused]))
    lines = lines_of(rows, timezone.localdate())
    context = {"form": form, "lines": lines, "refused": refused, "list_url": list_url}
    return render(request, "action_plans/actions/bulk.html", context)


def _chosen(data: QueryDict) -> list[int]:
    keys = [key for key in data.getlist("a") if key.isascii() and key.isdigit() and len(key) < 18]
    return [int(key) for key in keys[:MAX_CHOSEN]]


def _act_on(rows: list[Action], data: QueryDict, form: BulkForm, scope: Scope) -> BulkResult:
    given = form.cleaned_data
    wanted = BulkAct(form.values(), given.get("code", ""), given.get("reason", ""))
    read = [(row, _number(data.get(f"revision-{row.pk}", ""))) for row in rows]
    return act_on_many(actions=read, act=wanted, scope=scope)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _told(count: int) -> str:
    return "1 action est à jour." if count == 1 else f"{count} actions sont à jour."

"""The board: the actions in the column of their state, and the move of a card."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from action_plans import limits
from action_plans.forms.board import MoveForm, MoveReasonForm
from action_plans.forms.filters import ActionFilterForm
from action_plans.models import Action
from action_plans.selectors import board as selectors
from action_plans.selectors.actions import actions_for_list
from action_plans.services.board import Moved, MoveOutcome, move_card
from common.typography import french_spaces


P = Permission
STATUS = {
    MoveOutcome.DONE: HTTPStatus.OK,
    MoveOutcome.ALREADY: HTTPStatus.OK,
    MoveOutcome.STALE: HTTPStatus.CONFLICT,
}


@require_safe
@requires(P.ACTION_READ)
def board(request: HttpRequest) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    filters = ActionFilterForm(request.GET, scope=scope, today=today)
    rows = filters.apply(actions_for_list(scope))
    context = {
        "board": selectors.board_of(rows, scope, today),
        "filters": filters,
        "chips": filters.chips(request.GET),
        "query": request.GET.urlencode(),
        "reason_limit": limits.REASON,
    }
    return render(request, "action_plans/plan/board.html", context)


@require_POST
@requires(P.ACTION_EDIT, P.ACTION_OPEN, P.ACTION_REPORT, subject=Action)
def board_move(request: HttpRequest, action: Action) -> HttpResponse:
    """Move one card: JSON for the script of the board, a redirection for the form of the card."""
    if action.removed_at is not None:
        raise Http404
    form = MoveForm(request.POST)
    if form.is_valid():
        moved = move_card(action=action, scope=request.scope, **form.values())  # type: ignore[attr-defined]
    else:
        moved = Moved(MoveOutcome.REFUSED, form.first_error)
    if request.accepts("application/json") and not request.accepts("text/html"):
        return _answer(request, action, moved)
    if moved.outcome == MoveOutcome.NEEDS_REASON:
        return _ask_reason(request, action, form)
    tell = messages.success if STATUS.get(moved.outcome) == HTTPStatus.OK else messages.error
    tell(request, moved.message)
    return redirect(f"{_board_url(form)}#action-{action.pk}")


def _answer(request: HttpRequest, action: Action, moved: Moved) -> JsonResponse:
    """Tell where the card stands now, and how it is drawn there."""
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    (card,) = selectors.cards_of([action], scope, today)
    context = {"card": card, "query": request.POST.get("filters", "")}
    body = {
        "outcome": moved.outcome,
        "message": french_spaces(moved.message),
        "state": action.state,
        "html": render_to_string("action_plans/plan/card.html", context, request),
    }
    return JsonResponse(body, status=STATUS.get(moved.outcome, HTTPStatus.UNPROCESSABLE_ENTITY))


def _ask_reason(request: HttpRequest, action: Action, form: MoveForm) -> HttpResponse:
    is_answer = "reason" in request.POST
    asked = MoveReasonForm(
        request.POST if is_answer else None,
        initial=form.cleaned_data,
        action=action,
        target=form.values()["target"],
        cancel_url=f"{_board_url(form)}#action-{action.pk}",
    )
    context = {"form": asked, "action": action, "title": asked.helper.inputs[0].value}
    return render(request, "action_plans/plan/move_reason.html", context)


def _board_url(form: Any) -> str:
    query = form.cleaned_data.get("filters", "")
    return reverse("action_plans:board") + (f"?{query}" if query else "")

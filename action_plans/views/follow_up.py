"""What the link of a weekly letter opens: one action, to say how far it is, without an account."""

from copy import copy
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from accounts.access import public
from action_plans.follow_up_links import LinkError, Owner, open_link
from action_plans.forms.follow_up import FollowUpForm
from action_plans.models import Action
from action_plans.services.follow_up import answer_link
from common.form_tools import attempt


WHY_PUBLIC = "owners of actions need no account; the signed link in their e-mail is the key"


@require_http_methods(["GET", "HEAD", "POST"])
@public(WHY_PUBLIC)
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    try:
        action, owner = open_link(token)
    except LinkError as refusal:
        return _kept_private(_closed(request, refusal))
    # The form writes what was typed into its instance: the page and the service see what is stored.
    stored = copy(action)
    form = FollowUpForm(request.POST or None, instance=action)
    if request.method == "POST" and form.is_valid():
        answer = _answered(request, form, stored, owner)
        if answer is not None:
            return _kept_private(redirect("action_plans:follow_up", token))
    today = timezone.localdate()
    context = {"action": stored, "form": form, "is_late": stored.is_late_on(today)}
    return _kept_private(render(request, "action_plans/signals/follow_up.html", context))


def _closed(request: HttpRequest, refusal: LinkError) -> HttpResponse:
    context = {"refusal": refusal.message}
    template = "action_plans/signals/follow_up_closed.html"
    return render(request, template, context, status=HTTPStatus.GONE)


def _answered(
    request: HttpRequest, form: FollowUpForm, action: Action, owner: Owner
) -> bool | None:
    """Keep the answer; ``None`` when it was refused, which the form then tells."""
    given = form.cleaned_data
    changed = attempt(
        form,
        lambda: answer_link(
            action=action,
            owner=owner,
            progress=given["progress"],
            steps=given.get("steps") or (),
            comment=given["comment"],
        ),
    )
    if changed:
        messages.success(request, "Merci : vos nouvelles sont enregistrées.")
    elif changed is not None:
        messages.info(request, "Rien n’a changé : ces nouvelles étaient déjà connues.")
    return changed


def _kept_private(response: HttpResponse) -> HttpResponse:
    """Nobody on the way keeps the page, and the address does not leak to other sites."""
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "no-referrer"
    return response

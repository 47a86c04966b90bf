"""What the views of an action share: a removed one is gone, a stranger's act is refused in words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import Scope
from action_plans.forms.parts import action_url
from action_plans.models import Action
from action_plans.selectors.rights import NOT_YOURS, may_edit, may_report


View = Callable[..., HttpResponse]
Allows = Callable[[Action, Scope], bool]


def for_action(allows: Allows | None = None) -> Callable[[View], View]:
    """Answer 404 for a removed action; send back to its page, with a sentence, whom ``allows`` refuses.

    Stands under ``@requires(…, subject=Action)``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, action: Action, *args: Any, **kwargs: Any) -> HttpResponse:
            if action.removed_at is not None:
                raise Http404
            if allows is not None and not allows(action, request.scope):  # type: ignore[attr-defined]
                messages.error(request, NOT_YOURS)
                return redirect(action_url(action))
            return view(request, action, *args, **kwargs)

        return shown

    return decorate


editable = for_action(may_edit)
reportable = for_action(may_report)


def act(request: HttpRequest, write: Callable[[], object], done: str, address: str) -> HttpResponse:
    """Call a service for a button, then go to ``address``; what is refused is told there."""
    try:
        write()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if done:
            messages.success(request, done)
    return redirect(address)

"""Puts ``request.scope`` on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.scopes import ANONYMOUS, scope_of


# Session key of the role under which somebody with several roles acts.
MEMBERSHIP_KEY = "membership_id"


class ScopeMiddleware:
    """Build the scope once; views, templates and services read it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = (  # type: ignore[attr-defined]
            scope_of(
                request.user,
                today=timezone.localdate(),
                membership_id=request.session.get(MEMBERSHIP_KEY),
            )
            if request.user.is_authenticated
            else ANONYMOUS
        )
        return self.get_response(request)

"""Asks for a sign-in, then puts ``request.scope`` on every request."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.scopes import ANONYMOUS, scope_of


# Session key of the role under which somebody with several roles acts.
MEMBERSHIP_KEY = "membership_id"


class SignInMiddleware(LoginRequiredMiddleware):
    """Ask for a sign-in everywhere but on public pages, and come back where people were reading.

    After a form was sent with an expired session, the way back is the page of the form: its address
    alone may accept no GET.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        came_from = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
        back = urlsplit(came_from).path if is_ours and came_from else resolve_url("home")
        return redirect_to_login(back, self.get_login_url(view_func))


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

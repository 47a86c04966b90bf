"""Signing in and out, lock-out, keeping a session alive."""

from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, public, requires
from accounts.forms import LoginForm
from accounts.selectors import demo_accounts


@require_http_methods(["GET", "HEAD", "POST"])
@public("the door: nobody is known before it")
def login(request: HttpRequest) -> HttpResponse:
    view = LoginView.as_view(
        template_name="accounts/login.html",
        authentication_form=LoginForm,
        redirect_authenticated_user=True,
        extra_context={
            "demo_accounts": demo_accounts() if settings.SHOW_DEMO_ACCOUNTS else [],
            "was_interrupted": "next" in request.GET,
        },
    )
    return view(request)


@require_POST
@public("signing out needs no right")
def logout(request: HttpRequest) -> HttpResponse:
    return LogoutView.as_view(next_page="accounts:signed_out")(request)


@require_safe
@public("follows the sign-out")
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/signed_out.html")


def locked(request: HttpRequest, response: Any, credentials: dict[str, str] | None) -> HttpResponse:
    """Answer of the lock-out (called by django-axes): until when, and what to do meanwhile."""
    cool_off = get_cool_off(request)
    return render(
        request,
        "accounts/locked.html",
        {
            # Each attempt made while locked starts the delay again.
            "until": timezone.now() + cool_off if cool_off else None,
            "failure_limit": settings.AXES_FAILURE_LIMIT,
        },
        status=settings.AXES_HTTP_RESPONSE_CODE,
    )


@require_POST
@requires(Permission.ACCOUNT_USE)
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Renew the session (each request does) without leaving the page."""
    return HttpResponse(status=204)

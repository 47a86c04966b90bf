"""The two doors that belong to no app: the home redirection and the health page."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access import Permission, public, requires
from common.registry import home_entries
from qualepref.health import measure


@require_safe
@requires(Permission.ACCOUNT_USE)
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the page where their work is, among those that their role may open."""
    scope = request.scope  # type: ignore[attr-defined]
    names = (entry.url_name for entry in home_entries() if scope.may(entry.permission))
    return redirect(next(names, "accounts:profile"))


@require_safe
@public("probes of the supervision have no account")
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while people can work, 503 when what they type could be lost."""
    found = measure()
    return JsonResponse(
        {"status": found.status, "version": settings.VERSION, **found.parts},
        status=HTTPStatus.OK if found.is_serving else HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Cache-Control": "no-store"},
    )

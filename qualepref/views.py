"""The two doors that belong to no app: the home redirection and the health page."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access import Permission, public, requires
from common.registry import nav_entries


@require_safe
@requires(Permission.ACCOUNT_USE)
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the first page of the navigation that their role may open."""
    scope = request.scope  # type: ignore[attr-defined]
    names = (entry.url_name for entry in nav_entries() if scope.may(entry.permission))
    return redirect(next(names, "accounts:profile"))


@require_safe
@public("probes of the supervision have no account")
def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})

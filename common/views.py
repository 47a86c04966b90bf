"""Error pages and footer duties."""

from datetime import date
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.gates import public


# When the declaration of accessibility was last checked against the service.
STATED_ON = date(2026, 11, 23)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django refuses to read: most often a form too heavy, which is told as such."""
    is_too_big = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent))
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_too_big else HTTPStatus.BAD_REQUEST
    return render(request, "400.html", {"is_too_big": is_too_big}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form sent after its session ended or its cookie was refused."""
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


@require_safe
@public("legal duty: read by everybody")
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "common/legal.html", {"publisher": settings.PUBLISHER})


@require_safe
@public("legal duty: read by everybody")
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "publisher": settings.PUBLISHER,
        "session_minutes": settings.SESSION_COOKIE_AGE // 60,
    }
    return render(request, "common/privacy.html", context)


@require_safe
@public("legal duty: read by everybody")
def accessibility(request: HttpRequest) -> HttpResponse:
    context = {
        "publisher": settings.PUBLISHER,
        "public_url": settings.PUBLIC_URL,
        "stated_on": STATED_ON,
    }
    return render(request, "common/accessibility.html", context)


@require_safe
@public("legal duty: shows only what the reader may open")
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "common/sitemap.html")

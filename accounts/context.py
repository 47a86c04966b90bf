"""What the layout needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.scopes import ANONYMOUS
from common.registry import nav_entries


def layout(request: HttpRequest) -> dict[str, Any]:
    """Return the scope, the navigation it may open and the session's time limits."""
    scope = getattr(request, "scope", ANONYMOUS)
    return {
        "scope": scope,
        "navigation": [
            {
                "label": entry.label,
                "url_name": entry.url_name,
                "is_current": request.path.startswith(entry.prefix),
            }
            for entry in nav_entries()
            if scope.may(entry.permission)
        ],
        "session_seconds": settings.SESSION_COOKIE_AGE,
        "session_warning_seconds": settings.SESSION_WARNING_SECONDS,
        "app_version": settings.VERSION,
    }

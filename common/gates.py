"""The gate of what needs no account; the gate of everything else is ``accounts.access.requires``."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse


View = Callable[..., HttpResponse]


def public(why: str) -> Callable[[View], View]:
    """Open a view to people without an account; ``why`` is read by reviewers and by the guard."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(*args: Any, **kwargs: Any) -> HttpResponse:
            return view(*args, **kwargs)

        opened.gate = why  # type: ignore[attr-defined]
        return login_not_required(opened)

    return decorate
